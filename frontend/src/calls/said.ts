/** A time that a caller says, with the zone in which it is said: half of the region lives by Xinjiang time. */

import type { Zone } from "../format/time";

const AHEAD_H: Record<Zone, number> = { beijing: 8, xinjiang: 6 };
const DAY_MIN = 24 * 60;

/** Minutes of the day of 1:10, 01:10, 0110 or 1：10; null: it is no time. */
export function minutesOf(typed: string): number | null {
  const found = /^(\d{1,2})[:.]?(\d{2})$/.exec(typed.normalize("NFKC").trim());
  if (found === null) return null;
  const hours = Number(found[1]);
  const minutes = Number(found[2]);
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null;
}

/** The same moment on the other zone's clock. */
export function across(minutes: number, from: Zone, to: Zone): number {
  return (minutes + (AHEAD_H[to] - AHEAD_H[from]) * 60 + DAY_MIN) % DAY_MIN;
}

/** 03:10 */
export function clockOf(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
