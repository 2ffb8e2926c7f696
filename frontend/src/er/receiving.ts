/** Which of the things that wait for somebody in the emergency room comes first. Pure. */

import type { Urgency } from "../alarms/rules";
import type { Schemas } from "../client/api";

type Prealert = Schemas["PrealertOut"];
type Pathway = Schemas["Pathway"];
export type Centre = Schemas["Centre"];

export const CENTRES: readonly Centre[] = ["chest", "stroke", "trauma", "maternal", "neonatal"];
const OF_PATHWAY: Partial<Record<Pathway, Centre>> = {
  chest: "chest",
  arrest: "chest",
  stroke: "stroke",
  trauma: "trauma",
  burns: "trauma",
  maternal: "maternal",
  neonatal: "neonatal",
};

/** The centre whose team is offered first for a pathway; null: none in particular. */
export function centreOf(pathway: Pathway): Centre | null {
  return OF_PATHWAY[pathway] ?? null;
}

/** Pre-alerts that hold and that nobody has acknowledged: the urgent ones first, then who waits longest. */
export function foremost(all: readonly Prealert[], urgencyOf: (patientId: string) => Urgency): Prealert[] {
  const late = (one: Prealert): number => (urgencyOf(one.patient_id) === "high" ? 0 : 1);
  return all
    .filter((one) => one.withdrawn_at === null && one.acknowledged_at === null)
    .sort((one, two) => late(one) - late(two) || Date.parse(one.raised_at) - Date.parse(two.raised_at));
}

type Handover = Schemas["PatientHandoverOut"];

/** How long nobody has signed for whom a crew left by its T10; null: signed, closed, or the crew is there still. */
export function unsignedOf(one: Handover, now: number): { ms: number; late: boolean } | null {
  if (one.handed_at === null || one.asked_at === null || one.signed_at !== null || one.closed_at !== null) return null;
  const ms = Math.max(0, now - Date.parse(one.handed_at));
  return { ms, late: ms >= one.sign_s * 1_000 };
}

/** How long a crew has its patient on its stretcher; null: it has not, or not any more. */
export function waitOf(one: Handover, now: number): { ms: number; level: "runs" | "near" | "late" } | null {
  const over = one.off_at ?? one.signed_at ?? one.closed_at ?? one.handed_at;
  if (one.arrived_at === null || over !== null) return null;
  const ms = Math.max(0, now - Date.parse(one.arrived_at));
  const limitMs = one.wait_s * 1_000;
  return { ms, level: ms >= limitMs ? "late" : ms >= (limitMs * 2) / 3 ? "near" : "runs" };
}
