/** Numbers as they are typed on a phone or read off a gauge. Pure. */

/** The number; null: nothing typed; "wrong": no number between the two. A comma counts as a point. */
export function numberOr(typed: string, low: number, high: number): number | null | "wrong" {
  const text = typed.trim().replace(",", ".");
  if (text === "") return null;
  const value = Number(text);
  return /^-?\d+(?:\.\d+)?$/.test(text) && value >= low && value <= high ? value : "wrong";
}

const BAR_OF_MPA = 10;
const MOST_MPA = 35;

/** Bar of a gauge in MPa; null: no pressure that a cylinder can have. 150 is taken for bar by nobody: it is refused. */
export function barOf(typed: string): number | null {
  const mpa = numberOr(typed, 0, MOST_MPA);
  return typeof mpa === "number" ? Math.round(mpa * BAR_OF_MPA * 10) / 10 : null;
}

/** 14.6: MPa of bar. */
export function mpaWords(bar: number): string {
  return (bar / BAR_OF_MPA).toFixed(1);
}

/** Pressures to tap, in MPa, from the last known one downwards; a full cylinder where none is known. */
export function tapsOf(lastBar: number | null): number[] {
  const top = lastBar === null ? 15 : Math.min(15, Math.ceil(lastBar / BAR_OF_MPA));
  const steps = [15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2];
  const from = steps.findIndex((one) => one <= top);
  return steps.slice(Math.max(0, Math.min(from === -1 ? steps.length : from, steps.length - 6))).slice(0, 6);
}
