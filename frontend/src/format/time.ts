/**
 * The only place where moments become clocks. The two zones of the region have had no other offset since 1992, and the
 * console must not depend on a computer's own zone data.
 */

export type Zone = "beijing" | "xinjiang";
const OFFSET_MS: Record<Zone, number> = { beijing: 8 * 3_600_000, xinjiang: 6 * 3_600_000 };

const two = (value: number): string => String(value).padStart(2, "0");
/** The true minus sign: as wide as a digit. */
export const MINUS = "−";
export const MISSING = "—";

/** 03:12:47 in a zone; `at` in milliseconds since 1970. */
export function clock(at: number, zone: Zone = "beijing"): string {
  const local = new Date(at + OFFSET_MS[zone]);
  return `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`;
}

/** 03:12 in a zone. */
export function hourMinute(at: number, zone: Zone = "beijing"): string {
  return clock(at, zone).slice(0, 5);
}

/** 11-22 in a zone. */
export function monthDay(at: number, zone: Zone = "beijing"): string {
  const local = new Date(at + OFFSET_MS[zone]);
  return `${two(local.getUTCMonth() + 1)}-${two(local.getUTCDate())}`;
}

/** 2026-11-22 in a zone. */
export function date(at: number, zone: Zone = "beijing"): string {
  return `${new Date(at + OFFSET_MS[zone]).getUTCFullYear()}-${monthDay(at, zone)}`;
}

/** The day of the week in a zone, 0 for Sunday. */
export function weekday(at: number, zone: Zone = "beijing"): number {
  return new Date(at + OFFSET_MS[zone]).getUTCDay();
}

/** 1:24, 31:44, 1:12:40, −47:13; milliseconds in, whole seconds out, never rounded up. */
export function elapsed(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1_000);
  const minutes = Math.floor(seconds / 60);
  const told =
    minutes < 60
      ? `${minutes}:${two(seconds % 60)}`
      : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
  return ms < 0 && seconds > 0 ? `${MINUS}${told}` : told;
}

/** 3 s below a minute, 0:41-like from there on. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return seconds < 60 ? `${seconds} s` : elapsed(ms);
}

/** 2026-11-22T03:12:47 in a zone, as a field for date and time takes it. */
export function written(at: number, zone: Zone): string {
  return `${date(at, zone)}T${clock(at, zone)}`;
}

/** Milliseconds since 1970 of a date and time written in a zone; null where it is none. */
export function readIn(text: string, zone: Zone): number | null {
  const at = Date.parse(`${text}Z`) - OFFSET_MS[zone];
  return Number.isNaN(at) ? null : at;
}

/** Milliseconds since 1970 of an ISO time; null stays null. */
export function moment(iso: string | null | undefined): number | null {
  return iso == null ? null : Date.parse(iso);
}
