/** Plans on one axis of time: where a bar begins and ends, its whisker to the slow time, and the hours beneath. */

export interface Times {
  /** Seconds from the moment for which plans are compared. */
  likely: number;
  /** Held nine times of ten. */
  slow: number;
}

export interface Span {
  /** Milliseconds since 1970. */
  fromMs: number;
  untilMs: number;
}

const HOUR_MS = 3_600_000;
const WHOLE = 100;
/** Room behind the last mark, for its words; a share of the axis. */
const BEHIND = 0.08;
/** So many hours are named at most. */
const MOST_HOURS = 10;
const STEPS_H = [1, 2, 3, 4, 6, 12] as const;

/** The axis from now to behind the slowest end of all. `at`: the moment of comparison; `ends`: the slow ends, seconds. */
export function spanOf(at: number, ends: readonly number[], now: number = at): Span {
  const fromMs = Math.min(at, now);
  const last = at + Math.max(HOUR_MS / 1_000, ...ends) * 1_000;
  const long = Math.max(HOUR_MS, last - fromMs);
  return { fromMs, untilMs: fromMs + long * (1 + BEHIND) };
}

/** Per cent along the axis; never off it. */
export function placeOn({ fromMs, untilMs }: Span, atMs: number): number {
  return Math.min(WHOLE, Math.max(0, (WHOLE * (atMs - fromMs)) / (untilMs - fromMs)));
}

export interface Bar {
  from: number;
  width: number;
  /** From the likely end to the slow one; 0: none. */
  whisker: number;
}

export function barOf(span: Span, at: number, begins: Times, ends: Times): Bar {
  const from = placeOn(span, at + begins.likely * 1_000);
  const to = placeOn(span, at + ends.likely * 1_000);
  // How much later it ends of itself: what was late already stands in the whiskers before.
  const own = Math.max(0, ends.slow - begins.slow - (ends.likely - begins.likely));
  const slow = placeOn(span, at + (ends.likely + own) * 1_000);
  return { from, width: Math.max(0, to - from), whisker: Math.max(0, slow - to) };
}

/** Whole hours of the axis, as many as can be read. */
export function hoursOf({ fromMs, untilMs }: Span): number[] {
  const hours = (untilMs - fromMs) / HOUR_MS;
  const step = (STEPS_H.find((one) => hours / one <= MOST_HOURS) ?? 24) * HOUR_MS;
  const found: number[] = [];
  for (let one = Math.ceil(fromMs / step) * step; one < untilMs; one += step) found.push(one);
  return found;
}

/** 4:38–5:03: hours and minutes, the lower end rounded down and the upper one up. */
export function longWords(lowS: number, highS: number): string {
  const told = (minutes: number): string => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
  const low = Math.floor(lowS / 60);
  const high = Math.max(low, Math.ceil(highS / 60));
  return low === high ? told(low) : `${told(low)}–${told(high)}`;
}

/** A full character of the smallest size, and any other; pixels. */
const FULL_PX = 11;
const HALF_PX = 6.5;
const FIRST_FULL = 0x2e80;
/** Marks by which numbers run from left to right; they have no width. */
const MARKS = /[\u2066-\u2069]/g;

/** The longest of several words that a bar has room for; "": none of them. */
export function fitting(px: number, choices: readonly string[]): string {
  const long = (words: string): number =>
    [...words.replaceAll(MARKS, "")].reduce(
      (sum, one) => sum + (one.charCodeAt(0) < FIRST_FULL ? HALF_PX : FULL_PX),
      0,
    );
  return choices.find((words) => long(words) <= px) ?? "";
}

const ON_TIME_S = 60;

/** Whether something is later than planned, by whole minutes; within one it is on time. */
export function latenessOf(seconds: number): { sign: "late" | "early" | "on_time"; seconds: number } {
  if (Math.abs(seconds) < ON_TIME_S) return { sign: "on_time", seconds: 0 };
  return { sign: seconds > 0 ? "late" : "early", seconds: Math.floor(Math.abs(seconds) / ON_TIME_S) * ON_TIME_S };
}
