/** What an alarm says: its kind in words, and what was measured against what. */

import { i18n } from "../i18n/index.svelte";
import type { Alarm } from "./alarms.svelte";

export const TYPED = "typed.";
/** What a detector says is no measure. */
const YES_NO: ReadonlySet<string> = new Set(["circuit.bubble_very_high", "circuit.level_low_very_high"]);
type Codes = Readonly<Record<string, string | undefined>>;

export function alarmWords({ code, value, bound }: Alarm): string {
  const { alarms } = i18n.t.er;
  const codes = alarms.codes as Codes;
  // A limit, by a value that a person typed.
  const limit = code.startsWith(TYPED) ? codes[`limit.${code.slice(TYPED.length)}`] : undefined;
  const known = limit === undefined ? codes[code] : `${limit} · ${i18n.t.er.byHand}`;
  const device = code.startsWith("device.") ? alarms.device(code.slice("device.".length)) : undefined;
  const told = known ?? device ?? alarms.other(code);
  if (value === null || YES_NO.has(code)) return told;
  return `${told} ${tenths(value)}${bound === null ? "" : ` (${tenths(bound)})`}`;
}

const tenths = (value: number): string => String(Math.round(value * 10) / 10);
