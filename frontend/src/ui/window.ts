/** Which rows of a long list are worth making: those in sight, and a few above and below. */

const SPARE = 6;

export interface Window {
  from: number;
  /** Not included. */
  to: number;
}

export function windowOf(count: number, rowPx: number, topPx: number, heightPx: number): Window {
  const first = Math.floor(topPx / rowPx);
  const last = Math.ceil((topPx + heightPx) / rowPx);
  const to = Math.min(count, last + SPARE);
  return { from: Math.max(0, Math.min(first - SPARE, to)), to };
}
