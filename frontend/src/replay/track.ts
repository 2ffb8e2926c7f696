/** Where a unit was at a moment between two positions. Pure. */

import type { Schemas } from "../client/api";

/** Seconds after the span's beginning, degrees north, east; clockwise from north, metres per second. */
export type Point = Schemas["TrackOut"]["points"][number];

export interface Spot {
  lat: number;
  lon: number;
  headingDeg: number | null;
  speedMps: number | null;
  /** Of the last position before, seconds after the span's beginning. */
  fixS: number;
}

/** Between two positions further apart than this nothing is known: the unit stays where it was last. */
const GAP_S = 60;

/** `points` in order; `at` in seconds after the span's beginning. Undefined before the first position. */
export function spotAt(points: readonly Point[], at: number): Spot | undefined {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.[0] ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  const before = points[low - 1];
  if (before === undefined) return undefined;
  const [fixS, lat, lon, headingDeg, speedMps] = before;
  const after = points[low];
  if (after === undefined || after[0] - fixS > GAP_S) return { lat, lon, headingDeg, speedMps, fixS };
  const share = (at - fixS) / (after[0] - fixS);
  return { lat: lat + (after[1] - lat) * share, lon: lon + (after[2] - lon) * share, headingDeg, speedMps, fixS };
}
