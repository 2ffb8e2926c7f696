/**
 * How far the sweep has come. It runs by the service's clock, a little behind what arrives, so that the line grows
 * evenly; whatever has not come by then is a gap until it does.
 */

/** The least and the most that the sweep stays behind; milliseconds. */
const LEAST_MS = 120;
const MOST_MS = 3_000;
/** Beyond the oldest age of the newest sample that was seen lately. */
const SPARE_MS = 60;
const LOOKED_BACK_MS = 5_000;

export class Head {
  #ages: { atMs: number; ageMs: number }[] = [];
  #lagMs = LEAST_MS;

  /** What the sweep stays behind now. */
  get lagMs(): number {
    return this.#lagMs;
  }

  /** Frames have come up to `untilMs`; before that they had come up to `beforeMs` (null: never). */
  arrived(nowMs: number, beforeMs: number | null): void {
    if (beforeMs === null) return;
    // Just before it came the newest sample was this old; what is older than that was away, not slow.
    const ageMs = nowMs - beforeMs;
    if (ageMs > MOST_MS) return;
    this.#ages = [...this.#ages.filter((one) => nowMs - one.atMs < LOOKED_BACK_MS), { atMs: nowMs, ageMs }];
    const worst = Math.max(...this.#ages.map((one) => one.ageMs));
    this.#lagMs = Math.min(MOST_MS, Math.max(LEAST_MS, worst + SPARE_MS));
  }

  /** The moment up to which is drawn, never before one that was. */
  at(nowMs: number, drawnMs: number | null): number {
    const head = nowMs - this.#lagMs;
    return drawnMs === null ? head : Math.max(head, drawnMs);
  }
}
