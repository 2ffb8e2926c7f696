/** How litres and minutes of oxygen and power are told. Pure. */

import type { Schemas } from "../../client/api";
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

/** 5 + (8 + 2) × (0.60 − 0.21) / 0.79 + 0: how the flow of oxygen is reckoned; the sweep's share where it is not pure. */
export function demandWords(told: Schemas["DemandOut"]): string {
  const flow = (value: number) => String(Math.round(value * 10) / 10);
  const share = (value: number) => `(${value.toFixed(2)} − 0.21) / 0.79`;
  const sweep = told.sweep_fio2 < 1 ? `${flow(told.sweep)} × ${share(told.sweep_fio2)}` : flow(told.sweep);
  return `${sweep} + (${flow(told.minute_volume)} + ${flow(told.bias)}) × ${share(told.fio2)} + ${flow(told.other)}`;
}
