/** How litres and minutes of oxygen and power are told. Pure. */

import { thousands } from "../../format/measures";
import { MISSING } from "../../format/time";

/** 4 608: whole litres, rounded down: never more than there is. */
export function litres(value: number): string {
  return thousands(Math.floor(value));
}

/** 538: whole minutes, rounded down; without an end where nothing is drawn. */
export function minutesWords(value: number | null): string {
  return value === null ? "∞" : thousands(Math.floor(value));
}

/** The bar and the mark of what is needed, in per cent of the longer of the two; null: not known. */
export function barOf(has: number | null, needs: number | null): { has: number; needs: number } | null {
  if (has === null || needs === null) return null;
  const most = Math.max(has, needs, 1);
  return { has: (100 * Math.max(0, has)) / most, needs: (100 * needs) / most };
}

/** 14.6 MPa, or that nobody read it. */
export function pressureWords(bar: number | null): string {
  return bar === null ? MISSING : (bar / 10).toFixed(1);
}
