/** Values as they are typed, and as they are told: numbers in their unit, yes or no, words, times. */

import { clock, date, hourMinute, monthDay, readIn } from "../../format/time";

export type Value = number | boolean | string | string[];
export interface Item {
  name: string;
  kind: "number" | "yes" | "words" | "several" | "time";
  unit: string;
  low: number;
  high: number;
  whole: boolean;
  words: readonly string[];
}

const UNITS: Readonly<Record<string, string>> = {
  "1": "",
  Cel: "℃",
  cmH2O: "cmH₂O",
  "mL/cmH2O": "mL/cmH₂O",
  "10*9/L": "×10⁹/L",
  "umol/L": "μmol/L",
  "ug/kg/min": "μg/kg/min",
  "L/min/m2": "L/min/m²",
};

/** A unit as people read it. */
export function unitWords(unit: string): string {
  return UNITS[unit] ?? unit;
}

/** Full width digits and stops, as an input method leaves them, count as plain ones. */
function plain(text: string): string {
  return text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[．。]/g, ".")
    .replace(/：/g, ":")
    .trim();
}

/** A number within the item's range; null: none. An FiO₂ of 0.21 to 1 is meant as a share, and told in per cent. */
export function readNumber(item: Item, typed: string): number | null {
  const text = plain(typed).replace(",", ".");
  if (!/^-?\d+(\.\d+)?$/.test(text)) return null;
  let value = Number(text);
  if (item.name === "fio2" && value <= 1) value = Math.round(value * 1_000) / 10;
  if (value < item.low || value > item.high || (item.whole && !Number.isInteger(value))) return null;
  return value;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * A time that has been, as ISO 8601: 18:58 is the last time that it was so, 11-22 18:58 that of the day, 31h or 45m so
 * long ago. Beijing time. Null: none of these, or one that is still to come.
 */
export function readTime(typed: string, now: number): string | null {
  const text = plain(typed).toLowerCase();
  const ago = /^(\d+(?:\.\d+)?)\s*(h|小时|m|min|分|d|天)$/.exec(text);
  if (ago !== null) {
    const unit = ago[2] ?? "";
    const each = unit === "h" || unit === "小时" ? HOUR_MS : unit === "d" || unit === "天" ? DAY_MS : 60_000;
    return new Date(now - Number(ago[1]) * each).toISOString();
  }
  const given = /^(?:(?:(\d{4})-)?(\d{1,2})-(\d{1,2})\s+)?(\d{1,2}):?(\d{2})$/.exec(text);
  if (given === null) return null;
  const [, year, month, day, hour = "", minute = ""] = given;
  const two = (one: string): string => one.padStart(2, "0");
  const today = date(now);
  const on = month && day ? `${year ?? today.slice(0, 4)}-${two(month)}-${two(day)}` : today;
  const at = readIn(`${on}T${two(hour)}:${minute}:00`, "beijing");
  if (at === null) return null;
  const past = at > now && !month ? at - DAY_MS : at;
  return past > now ? null : new Date(past).toISOString();
}

/** 7.19, 78, 29.0 as it was entered; at most two places. */
export function numberWords(value: number): string {
  const text = String(Math.round(value * 100) / 100);
  return text.startsWith("-") ? `−${text.slice(1)}` : text;
}

/** A measured value, with as many decimals as its signal has: 4.0, −65. */
export function measuredWords(value: number, decimals: number): string {
  return value
    .toFixed(decimals)
    .replace(/^-(?=.*[1-9])/, "−")
    .replace(/^-/, "");
}

/** 18:58, and with its day where that is another: 11-21 18:58. */
export function timeWords(atMs: number, now: number): string {
  return date(atMs) === date(now) ? hourMinute(atMs) : `${monthDay(atMs)} ${hourMinute(atMs)}`;
}

/** 31 h, 4 h 05, 25 min: how long ago. */
export function longAgo(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours >= 24 ? `${hours} h` : `${hours} h ${String(minutes % 60).padStart(2, "0")}`;
}

/** A time as its field shows it, so that it can be corrected. */
export function typedTime(iso: string, now: number): string {
  const at = Date.parse(iso);
  return date(at) === date(now) ? hourMinute(at) : `${date(at)} ${clock(at).slice(0, 5)}`;
}
