/** Frames as the service sends them on: a head of 32 bytes, then the payload of PROTOCOL.md. Little endian. */

const VERSION = 1;
const HEAD_BYTES = 32;
const ECG_HEAD_BYTES = 17;
const US_PER_MS = 1_000;
const WAVE_HEAD_BYTES = 21;
export const ECG = 3;
export const WAVES = 4;

export interface Frame {
  kind: number;
  slot: number;
  /** False: the device's clock cannot be trusted, the time is that of the receipt. */
  sure: boolean;
  seq: number;
  /** True time of the first sample; milliseconds since 1970. */
  atMs: number;
  receivedMs: number;
  payload: DataView;
}

/** A stretch of an ECG: samples lead by lead, as the device sent them. A value is sample / unitsPerMv + offset. */
export interface Ecg {
  firstSample: number;
  rateHz: number;
  unitsPerMv: number;
  /** Of other curves only. */
  offset?: number;
  leads: { lead: number; samples: Int16Array }[];
}

/** A sample that was not measured: the lead is off. */
export const LEAD_OFF = -32_768;

/** Read frames that lie one after another. Throws RangeError for what is none. */
export function readFrames(bytes: ArrayBuffer): Frame[] {
  const view = new DataView(bytes);
  const found: Frame[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    if (view.getUint8(at) !== VERSION) throw new RangeError("a frame of another version");
    const size = view.getUint32(at + 4, true);
    found.push({
      kind: view.getUint8(at + 1),
      slot: view.getUint8(at + 2),
      sure: view.getUint8(at + 3) === 1,
      seq: Number(view.getBigUint64(at + 8, true)),
      atMs: Number(view.getBigInt64(at + 16, true)) / US_PER_MS,
      receivedMs: Number(view.getBigInt64(at + 24, true)) / US_PER_MS,
      payload: new DataView(bytes, at + HEAD_BYTES, size),
    });
    at += HEAD_BYTES + size;
  }
  return found;
}

/** Read the payload of an ECG frame. Throws RangeError where it is not whole. */
export function readEcg(payload: DataView): Ecg {
  const samples = payload.getUint16(10, true);
  const count = payload.getUint8(16);
  const start = ECG_HEAD_BYTES + count;
  const leads = Array.from({ length: count }, (_, place) => {
    const from = start + 2 * samples * place;
    const row = new Int16Array(samples);
    for (let at = 0; at < samples; at++) row[at] = payload.getInt16(from + 2 * at, true);
    return { lead: payload.getUint8(ECG_HEAD_BYTES + place), samples: row };
  });
  return {
    firstSample: Number(payload.getBigUint64(0, true)),
    rateHz: payload.getUint16(8, true),
    unitsPerMv: payload.getFloat32(12, true),
    leads,
  };
}

/** Read the payload of a frame of another curve, as one lead of that number. Throws RangeError where it is not whole. */
export function readWave(payload: DataView): Ecg {
  const samples = new Int16Array(payload.getUint16(10, true));
  for (let at = 0; at < samples.length; at++) samples[at] = payload.getInt16(WAVE_HEAD_BYTES + 2 * at, true);
  return {
    firstSample: Number(payload.getBigUint64(0, true)),
    rateHz: payload.getUint16(8, true),
    unitsPerMv: 1 / payload.getFloat32(12, true),
    offset: payload.getFloat32(16, true),
    leads: [{ lead: payload.getUint8(20), samples }],
  };
}
