/** Adverse events as they are put down: how often each was, and when last. Pure. */

import type { Schemas } from "../../client/api";

export type Adverse = Schemas["AdverseOut"];
export type Item = Adverse["item"];

export const ITEMS: readonly Item[] = [
  "flow_loss",
  "bleeding",
  "air",
  "clot",
  "oxygenator",
  "pump",
  "cannula",
  "arrhythmia",
  "tidal_volume_loss",
  "power",
  "oxygen",
  "vehicle",
  "delay",
];
export const SEVERITIES = [1, 2, 3, 4] as const;

export interface Count {
  number: number;
  /** Of the last one; null: there was none. */
  lastMs: number | null;
}

export function countOf(events: readonly Adverse[], item: Item): Count {
  const own = events.filter((one) => one.item === item).map(({ at }) => Date.parse(at));
  return { number: own.length, lastMs: own.length === 0 ? null : Math.max(...own) };
}
