/** The alarm that nobody looks for alarms, worked out from at whom. */

import type { Condition } from "./rules";

export interface Unlooked {
  unit_id: string;
  since: string;
}

/** One condition for all patients, since the earliest moment, with its vehicle and how many there are besides. */
export function behind(all: readonly Unlooked[], callSign: (unitId: string) => string): Condition[] {
  const first = [...all].sort((one, other) => Date.parse(one.since) - Date.parse(other.since))[0];
  if (first === undefined) return [];
  const others = new Set(all.map(({ unit_id }) => unit_id)).size - 1;
  const named = callSign(first.unit_id);
  return [
    {
      id: "unwatched",
      kind: "unwatched",
      urgency: "medium",
      since: Date.parse(first.since),
      incidentId: null,
      incidentNumber: "",
      callSign: others === 0 ? named : `${named} +${others}`,
    },
  ];
}
