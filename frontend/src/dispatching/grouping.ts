/** Why units are out, told shortly: each one where they are few, otherwise those of one reason together. */

import type { Recommended } from "./recommendation.svelte";

export type Excluded = Recommended["not_offered"][number];
type Reason = Excluded["reasons"][number];

export interface Loss {
  /** The first reason of all of them. */
  reason: Reason;
  units: readonly Excluded[];
}

/** So many are told one by one. */
const FEW = 6;

/** The smallest groups first: what is peculiar to one unit says more than what holds for all. */
export function losses(excluded: readonly Excluded[]): Loss[] {
  const told = excluded.filter((one) => one.reasons.length > 0);
  if (told.length <= FEW) return told.map((one) => ({ reason: one.reasons[0] as Reason, units: [one] }));
  const groups = Map.groupBy(told, (one) => (one.reasons[0] as Reason).reason);
  return [...groups.values()]
    .map((units) => ({ reason: (units[0] as Excluded).reasons[0] as Reason, units }))
    .sort((a, b) => a.units.length - b.units.length);
}
