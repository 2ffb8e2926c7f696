/** Two periods side by side: which is held against which, and how sure their difference is. */

import { readIn } from "../format/time";
import { spanOf, type Asked, type Span } from "./asked";
import type { Figure, Kpi } from "./telling";

const DAY_MS = 86_400_000;

/** What is asked of the service; null: a day or days are still to be chosen. `at`: it parts one period in two. */
export type Pair = { span: Span; at: string } | { span: Span; before: Span } | null;

/** now: milliseconds, the service's. */
export function pairOf(asked: Asked, now: number): Pair {
  const span = spanOf(asked, now);
  const [begins, until] = [Date.parse(span.begins), Date.parse(span.until)];
  switch (asked.against) {
    case "previous": {
      const before = { begins: new Date(2 * begins - until).toISOString(), until: span.begins };
      return { span, before };
    }
    case "day": {
      const at = start(asked.day);
      return at === null || at <= begins || at >= until ? null : { span, at: new Date(at).toISOString() };
    }
    case "own": {
      const [first, last] = [start(asked.otherFirst), start(asked.otherLast)];
      if (first === null || last === null || last < first) return null;
      const before = { begins: new Date(first).toISOString(), until: new Date(last + DAY_MS).toISOString() };
      return { span, before };
    }
  }
}

function start(day: string): number | null {
  return day === "" ? null : readIn(`${day}T00:00:00`, "beijing");
}

export interface Line {
  kpi: string;
  stratum: string;
  key: string;
  before: Figure | null;
  after: Figure | null;
  change: Change | null;
}

export interface Change {
  value: number;
  /** Its 95 % interval; null: only the two intervals are known, and `clear` says whether they lie apart. */
  low: number | null;
  high: number | null;
  clear: boolean;
}

/** Each figure of either period, in the order of the first. */
export function linesOf(before: readonly Kpi[], after: readonly Kpi[]): Line[] {
  const keyed = (parts: readonly Kpi[]): Map<string, Figure> =>
    new Map(parts.flatMap((kpi) => kpi.figures.map((one) => [`${kpi.id}|${one.stratum}|${one.key}`, one] as const)));
  const [was, is] = [keyed(before), keyed(after)];
  const keys = [...new Set([...is.keys(), ...was.keys()])];
  return keys.map((key) => {
    const [kpi = "", stratum = "", name = ""] = key.split("|");
    const [first, then] = [was.get(key) ?? null, is.get(key) ?? null];
    return { kpi, stratum, key: name, before: first, after: then, change: changeOf(first, then) };
  });
}

/** Of a share in points with Newcombe's interval (from Wilson's of both), else of the median; null: too few on a side. */
export function changeOf(before: Figure | null, after: Figure | null): Change | null {
  if (before === null || after === null || before.suppressed || after.suppressed) return null;
  if (before.share !== null && after.share !== null) return ofShares(before, after);
  if (before.p50_s === null || after.p50_s === null) return null;
  return { value: after.p50_s - before.p50_s, low: null, high: null, clear: apart(before, after) };
}

function ofShares(before: Figure, after: Figure): Change {
  const [p1, p2] = [before.share ?? 0, after.share ?? 0];
  const value = p2 - p1;
  const low = value - Math.hypot(p2 - (after.share_low ?? p2), (before.share_high ?? p1) - p1);
  const high = value + Math.hypot((after.share_high ?? p2) - p2, p1 - (before.share_low ?? p1));
  return { value, low, high, clear: low > 0 || high < 0 };
}

function apart(before: Figure, after: Figure): boolean {
  const bounds = [before.p50_low_s, before.p50_high_s, after.p50_low_s, after.p50_high_s];
  if (bounds.some((one) => one === null)) return false;
  const [low1 = 0, high1 = 0, low2 = 0, high2 = 0] = bounds as number[];
  return low2 > high1 || high2 < low1;
}
