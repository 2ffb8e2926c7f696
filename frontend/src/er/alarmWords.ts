/** What an alarm says: its kind in words, and what was measured against what. */

import { i18n } from "../i18n/index.svelte";
import type { Alarm } from "./alarms.svelte";

type Codes = Readonly<Record<string, string | undefined>>;

export function alarmWords({ code, value, bound }: Alarm): string {
  const { alarms } = i18n.t.er;
  const known = (alarms.codes as Codes)[code];
  const device = code.startsWith("device.") ? alarms.device(code.slice("device.".length)) : undefined;
  const told = known ?? device ?? alarms.other(code);
  if (value === null) return told;
  const number = String(Math.round(value * 10) / 10);
  return `${told} ${number}${bound === null ? "" : ` (${String(bound)})`}`;
}
