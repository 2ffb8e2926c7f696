/** Which way a mission can go on from a state, and the gate that it passes then. Pure. */

import type { Schemas } from "../../client/api";

export type State = Schemas["MissionState"];
export type CheckList = Schemas["CheckList"];
type Told = Schemas["MissionOut"];

interface Facts {
  state: State;
  /** The team cannulates; else a circuit runs already. */
  primary: boolean;
  /** Said by name: he may be moved without a circuit. */
  fit: boolean;
  /** The plan brings him to the cannulator. */
  brought: boolean;
}

/** The likely steps first, in the order in which they come; an end that nobody wants stands apart in `endsOf`. */
export function stepsOf({ state, primary, fit, brought }: Facts): State[] {
  switch (state) {
    case "preparing":
      return brought ? ["at_patient", "outbound"] : ["outbound"];
    case "outbound":
      return ["at_patient"];
    case "at_patient":
      return [primary ? "cannulating" : "on_circuit", ...(primary && fit ? (["returning"] as const) : [])];
    case "cannulating":
      return ["on_circuit"];
    case "on_circuit":
      return ["returning", "handed_over"];
    case "returning":
      return ["arrived"];
    case "arrived":
      return ["handed_over", ...(primary && fit ? (["cannulating"] as const) : [])];
    case "handed_over":
    case "stood_down":
    case "died":
      return [];
  }
}

/** Plans begin with a team at its base and end at the bed: once a circuit runs, or he is moved, none is left to compare. */
export function isCompared({
  mission: { state },
  steps,
}: {
  mission: { state: State };
  steps: { state: State }[];
}): boolean {
  const before = state === "preparing" || state === "outbound" || state === "at_patient" || state === "cannulating";
  return before && !steps.some((one) => one.state === "returning");
}

/** By its plan it still has to fly: a turn-down matters until the patient is at the end of the journey. */
export function isFlown(told: { mission: { state: State }; plan_aircraft: string | null }): boolean {
  const { state } = told.mission;
  return told.plan_aircraft !== null && !isOver(state) && state !== "arrived";
}

/** Nothing follows: what was booked is given back. */
export function isOver(state: State): boolean {
  return state === "handed_over" || state === "stood_down" || state === "died";
}

export function endsOf(state: State): State[] {
  if (isOver(state)) return [];
  return state === "returning" || state === "arrived" ? ["died"] : ["stood_down", "died"];
}

const GATES: Readonly<Partial<Record<State, CheckList>>> = {
  outbound: "leaving_base",
  returning: "leaving_with_patient",
};

/** The gate that a step passes, with how many of its items are open; null: none. */
export function gateOf(told: Pick<Told, "lists">, step: State): { list: CheckList; open: number } | null {
  const list = GATES[step];
  const found = told.lists.find(({ checklist }) => checklist === list);
  if (list === undefined || found === undefined) return null;
  return { list, open: found.items.length - found.ticked };
}

/** Gates that were passed with items open and still await a reason, the newest last. */
export function unexplained(told: Pick<Told, "passages">): Told["passages"] {
  return told.passages.filter(({ how, reason }) => how !== "closed" && reason === null);
}

/** The mission's lead overrides gates; nobody else does. */
export function isLead(told: Pick<Told, "bookings">, personId: string | null): boolean {
  return (
    personId !== null &&
    told.bookings.some(
      ({ role, person_id, until_at }) => role === "lead" && person_id === personId && until_at === null,
    )
  );
}

/** The list that is to be worked through now: the gate ahead first. */
export function listNow(state: State): CheckList {
  switch (state) {
    case "preparing":
      return "leaving_base";
    case "outbound":
      return "arrival";
    case "at_patient":
      return "time_out";
    case "cannulating":
    case "on_circuit":
      return "leaving_with_patient";
    default:
      return "handover";
  }
}
