/** The only place where SI becomes what people read: metres to kilometres, seconds to minutes, m/s to km/h. */

import { MISSING } from "./time";

/** 850 m, 6.1 km, 110 km. */
export function distance(metres: number | null | undefined): string {
  if (metres == null) return MISSING;
  if (metres < 995) return `${Math.round(metres / 10) * 10} m`;
  const km = metres / 1_000;
  return `${km < 99.95 ? km.toFixed(1) : Math.round(km)} km`;
}

/** 6–8: whole minutes, the lower end rounded down and the upper end up, so that the range never promises more. */
export function minutesRange(lowS: number, highS: number): string {
  const low = Math.floor(lowS / 60);
  const high = Math.max(low + 1, Math.ceil(highS / 60));
  return `${low}–${high}`;
}

/** 40.54750, 81.28070: WGS-84, about a metre exact. */
export function coordinates(lat: number, lon: number): string {
  return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}

/** 42 km/h without its unit. */
export function kmh(mps: number): number {
  return Math.round(mps * 3.6);
}

/** 23 of 20261122-0023 or 2026-000123: the number that is spoken. */
export function spoken(number: string): string {
  const last = number.slice(number.lastIndexOf("-") + 1).replace(/^0+/, "");
  return last === "" ? number : last.padStart(2, "0");
}

/** 481 207: thin gaps between thousands. */
export function thousands(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u2009");
}
