/** What is said of a station's cover in a few signs. Pure. */

import type { StationCover } from "./cover.svelte";

/** Whole minutes, upwards: help is never promised sooner than it comes. */
function minutes(seconds: number): number {
  return Math.ceil(seconds / 60);
}

/** "2→7" minutes; "2→" and nothing where nobody would come any more; "" where it makes no difference. */
export function longer({ before_s, after_s }: Pick<StationCover, "before_s" | "after_s">): string {
  if (before_s === null) return "";
  if (after_s === null) return `${minutes(before_s)}→—`;
  const [before, after] = [minutes(before_s), minutes(after_s)];
  return before === after ? "" : `${before}→${after}`;
}

/** Something is lost that a person should weigh. */
export function matters(station: Pick<StationCover, "thin" | "before_s" | "after_s">): boolean {
  return station.thin || longer(station) !== "";
}
