import { describe, expect, it } from "vitest";
import { EcgBuffer } from "./buffer";
import { LEAD_OFF, readEcg, readFrames, readWave, type Ecg } from "./frames";
import { Head } from "./head";
import { LEADS, sourceOf, type Lead } from "./leads";
import { measured, paper, recordOf, secondsAt, xOf, yOf } from "./paper";
import { rangeOf, seenIn } from "./waves";

const AT = 1_795_746_600_000;

/** `samples` of each lead are what `value` says of the count since the recording began. */
function ecg(first: number, count: number, leads: Partial<Record<Lead, (n: number) => number>>, rateHz = 500): Ecg {
  const rows = Object.entries(leads).map(([lead, value]) => ({
    lead: LEADS[lead as Lead],
    samples: Int16Array.from({ length: count }, (_, n) => value(first + n)),
  }));
  return { firstSample: first, rateHz, unitsPerMv: 200, leads: rows };
}

describe("a frame", () => {
  it("is read as PROTOCOL.md writes it, behind the head of the service", () => {
    const hex = "98e9000000000000f401030000004843020102" + "17fe19fe00800c000d00ffff";
    const payload = Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
    const bytes = new Uint8Array(2 * (32 + payload.length));
    for (const from of [0, 32 + payload.length]) {
      const view = new DataView(bytes.buffer, from);
      bytes.set([1, 3, 1, 1], from);
      view.setUint32(4, payload.length, true);
      view.setBigUint64(8, 300n, true);
      view.setBigInt64(16, BigInt(AT) * 1_000n + 500n, true);
      view.setBigInt64(24, BigInt(AT) * 1_000n + 250_000n, true);
      bytes.set(payload, from + 32);
    }
    const frames = readFrames(bytes.buffer);
    expect(
      frames.map(({ kind, slot, sure, seq, atMs, receivedMs }) => [kind, slot, sure, seq, atMs, receivedMs]),
    ).toEqual([
      [3, 1, true, 300, AT + 0.5, AT + 250],
      [3, 1, true, 300, AT + 0.5, AT + 250],
    ]);
    expect(readEcg(frames[1]!.payload)).toEqual({
      firstSample: 59_800,
      rateHz: 500,
      unitsPerMv: 200,
      leads: [
        { lead: 1, samples: Int16Array.from([-489, -487, LEAD_OFF]) },
        { lead: 2, samples: Int16Array.from([12, 13, -1]) },
      ],
    });
    expect(() => readFrames(new Uint8Array(40).buffer)).toThrow(RangeError);
  });
});

describe("leads", () => {
  it("are reckoned from I and II only where they were not sent", () => {
    const buffer = new EcgBuffer(10);
    buffer.put(ecg(0, 100, { I: () => 100, II: () => 260, aVF: () => 7 }), AT);
    const mv = (lead: Lead): number => buffer.reader(lead)(buffer.at(AT) + 50);
    expect([mv("I"), mv("II"), mv("III"), mv("aVR"), mv("aVL")].map((one) => Number(one.toFixed(4)))).toEqual([
      0.5, 1.3, 0.8, -0.9, -0.15,
    ]);
    expect(mv("aVF")).toBeCloseTo(7 / 200, 6);
    expect(mv("V1")).toBeNaN();
    expect((["I", "III", "aVF", "V1"] as const).map((lead) => sourceOf(lead, buffer.sent))).toEqual([
      ...["sent", "derived", "sent", "none"],
    ]);
    expect(sourceOf("aVL", new Set([LEADS.I]))).toBe("none");
  });

  it("that are off are no gap, and what follows from them is not known either", () => {
    const buffer = new EcgBuffer(10);
    buffer.put(ecg(0, 100, { I: (n) => (n < 50 ? LEAD_OFF : 20), II: () => 40 }), AT);
    const at = buffer.at(AT);
    expect([buffer.has(at), buffer.reader("I")(at), buffer.reader("III")(at)]).toEqual([true, Number.NaN, Number.NaN]);
    expect(buffer.reader("III")(at + 60)).toBeCloseTo(0.1, 6);
    expect(buffer.gaps({ fromMs: AT, untilMs: AT + 200 }, 1)).toEqual([]);
  });
});

describe("the buffer", () => {
  const leads = { I: (n: number) => n % 1_000 };
  const span = (fromMs: number, untilMs: number): { fromMs: number; untilMs: number } => ({ fromMs, untilMs });

  it("keeps a gap a gap until what was measured then has come", () => {
    const buffer = new EcgBuffer(60);
    expect(buffer.gaps(span(AT, AT + 400), 40)).toEqual([span(AT, AT + 400)]);
    buffer.put(ecg(0, 100, leads), AT);
    buffer.put(ecg(500, 100, leads), AT + 1_000);
    expect(buffer.gaps(span(AT, AT + 1_200), 40)).toEqual([span(AT + 200, AT + 1_000)]);
    expect(buffer.reader("I")(buffer.at(AT + 600))).toBeNaN();
    expect(buffer.put(ecg(100, 400, leads), AT + 200)).toEqual(span(AT + 200, AT + 1_000));
    expect(buffer.gaps(span(AT, AT + 1_200), 1)).toEqual([]);
    expect(buffer.reader("I")(buffer.at(AT + 600))).toBeCloseTo(300 / 200, 6);
    expect(buffer.gaps(span(AT, AT + 1_300), 40)).toEqual([span(AT + 1_200, AT + 1_300)]);
  });

  it("goes by the recording's count where clocks jitter, and by time where it began anew", () => {
    const buffer = new EcgBuffer(60);
    buffer.put(ecg(0, 100, leads), AT);
    buffer.put(ecg(100, 100, leads), AT + 230);
    expect(buffer.gaps(span(AT, AT + 400), 1)).toEqual([]);
    expect(buffer.put(ecg(0, 100, leads), AT + 5_000)).toEqual(span(AT + 5_000, AT + 5_200));
  });

  it("forgets what is older than it holds, and never shows it as new", () => {
    const buffer = new EcgBuffer(2);
    buffer.put(ecg(0, 100, { I: () => 200, II: () => 200 }), AT);
    buffer.put(ecg(1_000, 100, { I: () => 400 }), AT + 2_000);
    expect(buffer.has(buffer.at(AT))).toBe(false);
    expect(buffer.put(ecg(0, 50, leads), AT - 1_000)).toBeNull();
    const at = buffer.at(AT + 2_000) + 10;
    expect([buffer.reader("I")(at), buffer.reader("II")(at)]).toEqual([2, Number.NaN]);
  });
});

describe("the paper", () => {
  const sheet = paper("3x4", 416, 4);
  const [first] = sheet.cells;

  it("runs at 25 mm a second and 10 mm a millivolt", () => {
    expect(xOf(sheet, 1) - xOf(sheet, 0)).toBe(100);
    expect(yOf(sheet, first!, 0) - yOf(sheet, first!, 1)).toBe(40);
    expect(sheet.widthPx - sheet.originPx).toBe(1_000);
    expect(secondsAt(sheet, xOf(sheet, 3.5))).toBe(3.5);
  });

  it("has each column of 3 × 4 at the time of the strip below it", () => {
    expect(sheet.cells.map(({ lead, fromS, untilS }) => [lead, fromS, untilS])).toEqual([
      ...[
        ["I", 0, 2.5],
        ["aVR", 2.5, 5],
        ["V1", 5, 7.5],
        ["V4", 7.5, 10],
      ],
      ...[
        ["II", 0, 2.5],
        ["aVL", 2.5, 5],
        ["V2", 5, 7.5],
        ["V5", 7.5, 10],
      ],
      ...[
        ["III", 0, 2.5],
        ["aVF", 2.5, 5],
        ["V3", 5, 7.5],
        ["V6", 7.5, 10],
      ],
      ...[["II", 0, 10]],
    ]);
    expect(recordOf(AT + 12_345)).toBe(AT + 10_000);
  });

  it("is measured with calipers in milliseconds, millivolts and beats a minute", () => {
    const told = measured(sheet, { x: 100, y: 80 }, { x: 180, y: 60 });
    expect([told.ms, told.mv, told.perMinute]).toEqual([800, 0.5, 75]);
    expect(measured(sheet, { x: 100, y: 80 }, { x: 104, y: 80 }).perMinute).toBeNull();
  });
});

it("the sweep stays as far behind as the slowest of the last frames, and never runs back", () => {
  const head = new Head();
  head.arrived(AT, null);
  head.arrived(AT + 200, AT - 20);
  expect([head.lagMs, head.at(AT + 200, null)]).toEqual([280, AT - 80]);
  head.arrived(AT + 700, AT + 180);
  expect([head.lagMs, head.at(AT + 700, AT + 400)]).toEqual([580, AT + 400]);
  head.arrived(AT + 9_000, AT + 700); // it was away, not slow
  expect(head.lagMs).toBe(580);
});

describe("another curve", () => {
  it("is read as PROTOCOL.md writes it, and keeps its gaps and what was not measured", () => {
    const hex = "5802000000000000" + "3200" + "0200" + "0000003f" + "000080bf" + "02" + "4c00" + "0080";
    const wave = readWave(
      new DataView(Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)).buffer),
    );
    expect(wave).toMatchObject({ firstSample: 600, rateHz: 50, unitsPerMv: 2, offset: -1 });
    const buffer = new EcgBuffer(10);
    buffer.put(wave, AT);
    buffer.put({ ...wave, firstSample: 650 }, AT + 1_000);
    const read = buffer.values(2);
    const at = buffer.at(AT);
    expect([read(at), read(at + 1), read(at + 2), read(at + 50)]).toEqual([37, Number.NaN, Number.NaN, 37]);
    expect(buffer.gaps({ fromMs: AT, untilMs: AT + 1_040 }, 40)).toEqual([{ fromMs: AT + 40, untilMs: AT + 1_000 }]);
    expect(seenIn(buffer, 2, { fromMs: AT, untilMs: AT + 1_040 })).toEqual({ low: 37, high: 37 });
  });

  it("keeps its scale, and grows by whole steps only", () => {
    expect(rangeOf(2, { low: 0, high: 37 })).toEqual({ low: 0, high: 50 });
    expect(rangeOf(2, { low: -1, high: 51 })).toEqual({ low: -25, high: 75 });
    expect(rangeOf(3, null)).toBeNull();
    const free = rangeOf(1, { low: 10, high: 20 });
    expect([free?.low, free?.high]).toEqual([9.5, 20.5]);
  });
});
