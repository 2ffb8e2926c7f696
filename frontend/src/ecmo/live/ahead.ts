/** What of a mission's way lies ahead. Pure. */

import type { Schemas } from "../../client/api";

type Told = Pick<Schemas["MissionOut"], "mission" | "expected" | "plan_kind" | "plan_via">;

/** The hospitals that the vehicle has before it, the next one first. */
export function goalsOf({ mission, plan_kind, plan_via }: Told): string[] {
  const meets = plan_kind === "rendezvous" && plan_via !== null ? plan_via : mission.from_hospital_id;
  switch (mission.state) {
    case "preparing":
      return [mission.centre_id, ...(meets === null ? [] : [meets])];
    case "outbound":
      return meets === null ? [] : [meets];
    case "at_patient":
    case "cannulating":
    case "on_circuit":
    case "returning":
    case "arrived":
      return [mission.to_hospital_id];
    default:
      return [];
  }
}

/** Nobody knows when the vehicle goes on, for it stands or every road ahead is closed: what is told is the soonest. */
export function isSoonest({ stands_unit_id, no_way_at }: Pick<Schemas["MissionOut"], "stands_unit_id" | "no_way_at">) {
  return stands_unit_id !== null || no_way_at !== null;
}

/** The moments that are still expected: none that a later one has passed over. */
export function aheadOf({ expected }: Pick<Told, "expected">): Told["expected"] {
  const last = expected.findLastIndex(({ happened }) => happened !== null);
  return expected.slice(last + 1);
}
