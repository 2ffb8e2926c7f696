/** A value between its limits on a bar, and how it stands with them. */

export interface Limits {
  /** What is expected; null: no such end. */
  low: number | null;
  high: number | null;
  warnLow: number | null;
  warnHigh: number | null;
  criticalLow: number | null;
  criticalHigh: number | null;
  /** The limit itself counts already. */
  inclusive: boolean;
}

export type Level = "ok" | "warn" | "critical";

export function levelOf(value: number, limits: Limits): Level {
  const at = (limit: number | null): boolean => limits.inclusive && value === limit;
  const below = (limit: number | null): boolean => limit !== null && (value < limit || at(limit));
  const above = (limit: number | null): boolean => limit !== null && (value > limit || at(limit));
  if (below(limits.criticalLow) || above(limits.criticalHigh)) return "critical";
  return below(limits.warnLow) || above(limits.warnHigh) ? "warn" : "ok";
}

export interface Mark {
  /** Per cent of the bar. */
  at: number;
  value: number;
  level: "warn" | "critical";
}

export interface RangeBar {
  /** What is expected, from and to; per cent. */
  expected: { from: number; to: number } | null;
  marks: Mark[];
  /** Where the value stands; null: there is none. A value beyond stands at the end. */
  pointer: number | null;
}

/** Room beyond the outermost limit; a share of what lies between. */
const BEYOND = 0.2;
const WHOLE = 100;

/** Null where there is no limit at all: no bar can be drawn. */
export function rangeOf(value: number | null, limits: Limits): RangeBar | null {
  const all = [
    limits.low,
    limits.high,
    limits.warnLow,
    limits.warnHigh,
    limits.criticalLow,
    limits.criticalHigh,
  ].filter((one) => one !== null);
  if (all.length === 0) return null;
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = BEYOND * (most - least || Math.abs(most) || 1);
  const place = (one: number): number =>
    Math.min(WHOLE, Math.max(0, (WHOLE * (one - least + room)) / (most - least + 2 * room)));
  const marks: Mark[] = [];
  const mark = (at: number | null, level: Mark["level"]): void => {
    if (at !== null) marks.push({ at: place(at), value: at, level });
  };
  mark(limits.criticalLow, "critical");
  mark(limits.warnLow, "warn");
  mark(limits.warnHigh, "warn");
  mark(limits.criticalHigh, "critical");
  const { low, high } = limits;
  const expected =
    low === null && high === null
      ? null
      : { from: low === null ? 0 : place(low), to: high === null ? WHOLE : place(high) };
  return { expected, marks, pointer: value === null ? null : place(value) };
}
