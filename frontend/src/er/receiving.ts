/** Which of the things that wait for somebody in the emergency room comes first. Pure. */

import type { Urgency } from "../alarms/rules";
import type { Schemas } from "../client/api";

type Prealert = Schemas["PrealertOut"];

/** Pre-alerts that hold and that nobody has acknowledged: the urgent ones first, then who waits longest. */
export function foremost(all: readonly Prealert[], urgencyOf: (patientId: string) => Urgency): Prealert[] {
  const late = (one: Prealert): number => (urgencyOf(one.patient_id) === "high" ? 0 : 1);
  return all
    .filter((one) => one.withdrawn_at === null && one.acknowledged_at === null)
    .sort((one, two) => late(one) - late(two) || Date.parse(one.raised_at) - Date.parse(two.raised_at));
}
