/** For which hospitals somebody speaks, and what is said of one. Pure. */

import type { Schemas } from "../client/api";
import type { Who } from "../session/session.svelte";

type House = Pick<Schemas["HospitalOut"], "organisation">;
type Side = Schemas["BedSide"];

const CENTRE: ReadonlySet<string> = new Set(["dispatcher", "supervisor"]);

/** As whom somebody speaks of a hospital; null: not at all. Its own doctors first, as the service has it. */
export function sideOf(who: Who | null, house: House): Side | null {
  const roles = who?.roles ?? [];
  if (roles.some(({ role, organisation }) => role === "emergency_doctor" && organisation === house.organisation))
    return "hospital";
  return roles.some(({ role }) => CENTRE.has(role)) ? "centre" : null;
}

/** The moves of one bed that each side makes: one fewer free, one more. */
export const MOVES: Readonly<Record<Side, readonly [taken: Schemas["BedMove"], given: Schemas["BedMove"]]>> = {
  hospital: ["admitted", "discharged"],
  centre: ["held", "released"],
};

/** How long a limit may be said to hold, minutes; `hospitals.toml` has the ends. The usual one is the second. */
export const LASTS: Readonly<Record<Schemas["LimitKind"], readonly [number, number, ...number[]]>> = {
  diverted: [60, 120, 240],
  closed: [240, 1_440, 4_320, 10_080],
};

/** Own hospitals first, then those where something is limited, then by name as the service has them. */
export function ordered<H extends Schemas["HospitalOut"]>(houses: readonly H[], who: Who | null): H[] {
  const rank = (one: H): number =>
    sideOf(who, one) === "hospital" ? 0 : one.services.some(({ limit }) => limit !== null) ? 1 : 2;
  return houses.toSorted((one, two) => rank(one) - rank(two));
}

/** Hospitals whose newest word is that they take the patient, without the one that speaks; answers: the oldest first. */
export function acceptedBy(answers: readonly Schemas["HospitalAnswerOut"][], speaking: string): string[] {
  const newest = new Map(answers.map(({ hospital_id, answer }) => [hospital_id, answer]));
  return [...newest].filter(([key, answer]) => answer === "accepted" && key !== speaking).map(([key]) => key);
}
