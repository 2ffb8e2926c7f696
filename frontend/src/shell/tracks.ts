/** Which panel stands in which area of the console's grid, when some of them stand in windows of their own. Pure. */

import type { Panel } from "./liked";

export interface Tracks {
  /** The wide row, as areas from the inline start. */
  middle: string;
  /** The row below it; where it is the same, it has no height of its own. */
  foot: string;
}

const row = (start: string, middle: string): string => `"${start} ${middle} selected"`;

/** Whoever is left takes the room, and nothing else moves. */
export function tracksOf(outside: readonly Panel[]): Tracks {
  const inside = (["incidents", "map", "units"] as const).filter((panel) => !outside.includes(panel));
  const [first = "selected", second] = inside;
  if (second === undefined) return same(row(first, first));
  if (inside.length === 3) return { middle: row("incidents", "map"), foot: row("units", "units") };
  if (first === "incidents") return same(row(first, second));
  return { middle: row("map", "map"), foot: row("units", "units") };
}

function same(middle: string): Tracks {
  return { middle, foot: middle };
}
