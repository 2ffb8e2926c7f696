/** Risks and objections of plans in words, with what was measured of them. */

import { distance } from "../../format/measures";
import { numberWords } from "../request/entering";
import { words } from "../words.svelte";
import { longWords } from "./axis";

const METRES: ReadonlySet<string> = new Set(["mountain"]);
const COUNTS: ReadonlySet<string> = new Set(["handlings"]);

/** Numbers, codes and units run from left to right in every language. */
export function ltr(said: string): string {
  return `\u2066${said}\u2069`;
}

export function risksInWords({ risk, value }: { risk: string; value: number | null }): string {
  const name = words.name("risks", risk);
  if (value === null) return name;
  if (METRES.has(risk)) return `${name} ${ltr(distance(value))}`;
  if (COUNTS.has(risk)) return `${name} ${ltr(`×${numberWords(value)}`)}`;
  return `${name} ${wholeMinutes(value)}`;
}

/** 1:05, rounded up: a risk is never told shorter than it is. */
export function wholeMinutes(seconds: number): string {
  const whole = Math.ceil(seconds / 60) * 60;
  return longWords(whole, whole);
}

const UNITS: Readonly<Record<string, string>> = {
  range: "km",
  runway: "m",
  altitude: "m",
  visibility: "m",
  cloud: "m",
  wind: "m/s",
  duty: "min",
  seats: "",
};

/** KCA 能见度 1500 < 1600 m. */
export function objectionWords(one: { why: string; place: string; has: number | null; needs: number | null }): string {
  const name = [one.place === "" ? "" : ltr(one.place), words.name("flights", one.why)].filter(Boolean).join(" ");
  if (one.has === null || one.needs === null) return name;
  const sign = one.has < one.needs ? "<" : ">";
  const compared = `${numberWords(one.has)} ${sign} ${numberWords(one.needs)} ${UNITS[one.why] ?? ""}`.trim();
  return `${name} ${ltr(compared)}`;
}
