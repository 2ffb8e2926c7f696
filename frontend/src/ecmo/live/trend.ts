/** Trends of the last hour on one axis of time: lines that break where nothing was measured, and gaps of the link. */

export interface Point {
  atMs: number;
  value: number;
}

export interface Gap {
  fromMs: number;
  untilMs: number;
}

export interface Window {
  fromMs: number;
  untilMs: number;
}

/** Longer than this between two points, and the line breaks; a multiple of the usual distance. */
const BREAK_TIMES = 3;
/** So long without any value is a gap of the link, hatched across all rows. */
export const GAP_MS = 60_000;

/** The pieces of a line between its breaks. `everyMs`: how far points usually lie apart. */
export function piecesOf(points: readonly Point[], everyMs: number): Point[][] {
  const found: Point[][] = [];
  for (const point of points) {
    const last = found.at(-1)?.at(-1);
    if (last === undefined || point.atMs - last.atMs > BREAK_TIMES * everyMs) found.push([]);
    found.at(-1)?.push(point);
  }
  return found;
}

/**
 * When nothing at all was heard within the window: between two moments at which something was measured, and from the last
 * one until now. What lies before the first is no gap: there was no circuit yet.
 */
export function gapsOf(heardMs: readonly number[], { fromMs, untilMs }: Window): Gap[] {
  const moments = [...new Set(heardMs)].sort((one, other) => one - other);
  const found: Gap[] = [];
  for (let at = 0; at < moments.length; at++) {
    const begins = moments[at] ?? fromMs;
    const ends = moments[at + 1] ?? untilMs;
    if (ends - begins > GAP_MS && ends > fromMs && begins < untilMs)
      found.push({ fromMs: Math.max(begins, fromMs), untilMs: Math.min(ends, untilMs) });
  }
  return found;
}

export function placeOf({ fromMs, untilMs }: Window, atMs: number): number {
  return (atMs - fromMs) / (untilMs - fromMs);
}

/** Both ends of the upright axis, so that noise of a steady value is not drawn as waves. */
export function heightOf(values: readonly number[], least: number): { low: number; high: number } {
  if (values.length === 0) return { low: 0, high: least };
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0, least - (high - low)) / 2;
  return { low: low - room, high: high + room };
}
