/**
 * The last minutes of an ECG by true time. What is missing stays missing: nothing is ever filled in but what was sent.
 *
 * A sample's place is reckoned from the count of its recording, for the clocks of two connections may differ by some
 * milliseconds; only where count and time disagree a recording begins anew.
 */

import { LEAD_OFF, type Ecg } from "./frames";
import { DERIVED, LEADS, sourceOf, type Lead } from "./leads";

const KEPT_S = 900;
/** Count and time of one recording may differ by so much; milliseconds. */
const AGREE_MS = 100;
const MS = 1_000;

export interface Span {
  fromMs: number;
  untilMs: number;
}

interface Anchor {
  first: number;
  atMs: number;
}

/** The time of a frame's first sample by the anchor, or its own where the recording is another one. */
export function placed(anchor: Anchor | null, ecg: Ecg, atMs: number): number {
  if (anchor === null) return atMs;
  const counted = anchor.atMs + ((ecg.firstSample - anchor.first) / ecg.rateHz) * MS;
  return Math.abs(counted - atMs) <= AGREE_MS ? counted : atMs;
}

export class EcgBuffer {
  rateHz = 0;
  /** One after the last sample that is known, counted in samples since 1970; 0: none is. */
  end = 0;
  /** The numbers of all leads that were ever sent. */
  readonly sent = new Set<number>();
  #size = 0;
  #have = new Uint8Array(0);
  #leads = new Map<number, Float32Array>();
  #anchor: Anchor | null = null;
  readonly #keptS: number;

  constructor(keptS: number = KEPT_S) {
    this.#keptS = keptS;
  }

  /** The earliest sample that could be here. */
  get start(): number {
    return Math.max(0, this.end - this.#size);
  }

  get endMs(): number | null {
    return this.end === 0 ? null : (this.end / this.rateHz) * MS;
  }

  /** The number of the sample at a time. */
  at(ms: number): number {
    return Math.floor((ms / MS) * this.rateHz + 1e-6);
  }

  /** Put a frame in its place; returns the span that it covers, null where it is too old to be kept. */
  put(ecg: Ecg, atMs: number): Span | null {
    if (ecg.rateHz !== this.rateHz) this.#begin(ecg.rateHz);
    const startMs = placed(this.#anchor, ecg, atMs);
    if (startMs === atMs) this.#anchor = { first: ecg.firstSample, atMs };
    const from = Math.round((startMs / MS) * ecg.rateHz);
    const length = ecg.leads[0]?.samples.length ?? 0;
    if (from + length <= this.start) return null;
    this.#reach(from + length);
    const first = Math.max(0, this.start - from);
    const told = new Set(ecg.leads.map(({ lead }) => lead));
    for (const [lead, row] of this.#leads)
      if (!told.has(lead))
        for (let place = first; place < length; place++) row[(from + place) % this.#size] = Number.NaN;
    for (const { lead, samples } of ecg.leads) {
      const row = this.#row(lead);
      for (let place = first; place < length; place++) {
        const sample = samples[place] ?? LEAD_OFF;
        row[(from + place) % this.#size] =
          sample === LEAD_OFF ? Number.NaN : sample / ecg.unitsPerMv + (ecg.offset ?? 0);
      }
    }
    for (let place = first; place < length; place++) this.#have[(from + place) % this.#size] = 1;
    return { fromMs: (from / ecg.rateHz) * MS, untilMs: ((from + length) / ecg.rateHz) * MS };
  }

  /** Whether anything was received of that sample. */
  has(sample: number): boolean {
    return sample >= this.start && sample < this.end && this.#have[sample % this.#size] === 1;
  }

  /** How a lead is read: millivolts by the sample's number, NaN where it was off or nothing is known. */
  reader(lead: Lead): (sample: number) => number {
    const source = sourceOf(lead, this.sent);
    if (source === "sent") return this.values(LEADS[lead]);
    const derive = DERIVED[lead];
    if (source === "none" || derive === undefined) return () => Number.NaN;
    const [one, two] = [this.reader("I"), this.reader("II")];
    return (sample) => derive(one(sample), two(sample));
  }

  /** What was sent under a number, by the sample's; NaN where nothing was measured or nothing is known. */
  values(lead: number): (sample: number) => number {
    const own = this.#leads.get(lead);
    if (own === undefined) return () => Number.NaN;
    return (sample) => (this.has(sample) ? (own[sample % this.#size] ?? Number.NaN) : Number.NaN);
  }

  /** The stretches of a span of which nothing was received, those shorter than `leastMs` left out. */
  gaps({ fromMs, untilMs }: Span, leastMs: number): Span[] {
    if (this.rateHz === 0) return untilMs - fromMs >= leastMs ? [{ fromMs, untilMs }] : [];
    const found: Span[] = [];
    const last = this.at(untilMs);
    let begin: number | null = null;
    for (let sample = this.at(fromMs); sample <= last; sample++) {
      const missing = sample < last && !this.has(sample);
      if (missing) begin ??= sample;
      else if (begin !== null) {
        const gap = { fromMs: (begin / this.rateHz) * MS, untilMs: (sample / this.rateHz) * MS };
        if (gap.untilMs - gap.fromMs >= leastMs) found.push(gap);
        begin = null;
      }
    }
    return found;
  }

  clear(): void {
    this.#begin(0);
  }

  #begin(rateHz: number): void {
    this.rateHz = rateHz;
    this.#size = rateHz * this.#keptS;
    this.#have = new Uint8Array(this.#size);
    this.#leads.clear();
    this.sent.clear();
    this.#anchor = null;
    this.end = 0;
  }

  /** Make room up to a sample: what lay there fifteen minutes ago is gone. */
  #reach(end: number): void {
    if (end <= this.end) return;
    if (this.end === 0 || end - this.end >= this.#size) this.#have.fill(0);
    else for (let sample = this.end; sample < end; sample++) this.#have[sample % this.#size] = 0;
    this.end = end;
  }

  #row(lead: number): Float32Array {
    let row = this.#leads.get(lead);
    if (row === undefined) {
      row = new Float32Array(this.#size).fill(Number.NaN);
      this.#leads.set(lead, row);
      this.sent.add(lead);
    }
    return row;
  }
}
