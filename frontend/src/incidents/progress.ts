/** Where an incident stands, in the one word and the one running time that matter most. */

import { moment } from "../format/time";
import type { AssignmentRow, IncidentRow, Priority, UnitStatus } from "../live/rows";
import type { Limits } from "../ui/timing";

/** Limits of running times; proposed by the project, not clinical standards. */
const MINUTE = 60_000;
export const WAITING: Record<Priority, Limits> = {
  P1: { amberMs: MINUTE, redMs: 2 * MINUTE },
  P2: { amberMs: 2 * MINUTE, redMs: 4 * MINUTE },
  P3: { amberMs: 10 * MINUTE, redMs: 20 * MINUTE },
  P4: { amberMs: 30 * MINUTE, redMs: 60 * MINUTE },
};
export const ACKNOWLEDGE: Limits = { amberMs: MINUTE / 2, redMs: MINUTE };
export const DEPART: Limits = { amberMs: 2 * MINUTE, redMs: 3 * MINUTE };
export const HANDOVER: Limits = { amberMs: 20 * MINUTE, redMs: 30 * MINUTE };
export const SCENE: Limits = { amberMs: 30 * MINUTE, redMs: 45 * MINUTE };
const OVERDUE: Limits = { amberMs: 0, redMs: MINUTE };

export type Stage =
  | "waiting"
  | "waitingAgain"
  | "unacknowledged"
  | "assigned"
  | "overdue"
  | "enRoute"
  | "staging"
  | "onScene"
  | "atPatient"
  | "transporting"
  | "handover"
  | "clearing"
  | "closed"
  | "cancelled";

export interface Progress {
  stage: Stage;
  /** The time that runs; milliseconds since 1970. */
  since: number;
  limits?: Limits;
  /** Somebody must send a unit. */
  waits: boolean;
}

/** What an assignment says of how far its incident has come. */
type Ordered = Pick<AssignmentRow, "unit_id" | "status" | "assigned_at" | "acknowledged_at" | "promised_at">;

/** When the status of an assigned unit began, by its id. */
export type Since = (unitId: string) => number | null;

const STAGES: Partial<Record<UnitStatus, { stage: Stage; limits?: Limits }>> = {
  en_route: { stage: "enRoute" },
  staging: { stage: "staging" },
  on_scene: { stage: "onScene", limits: SCENE },
  at_patient: { stage: "atPatient", limits: SCENE },
  transporting: { stage: "transporting" },
  at_hospital: { stage: "handover", limits: HANDOVER },
};
/** The furthest comes first. */
const FURTHEST: readonly UnitStatus[] = [
  "at_hospital",
  "transporting",
  "at_patient",
  "on_scene",
  "staging",
  "en_route",
  "assigned",
];

/** `now`: the service's time. What is wrong goes before how far it has come. */
export function progressOf(incident: IncidentRow, units: readonly Ordered[], since: Since, now: number): Progress {
  const over = whenOver(incident);
  if (over !== null) return over;
  if (units.length === 0) return withoutUnits(incident);
  const begun = (unit: Ordered): number => since(unit.unit_id) ?? Date.parse(unit.assigned_at);

  const silent = units.find((unit) => unit.status === "assigned" && unit.acknowledged_at === null);
  if (silent && now - Date.parse(silent.assigned_at) >= ACKNOWLEDGE.amberMs) {
    return { stage: "unacknowledged", since: Date.parse(silent.assigned_at), limits: ACKNOWLEDGE, waits: false };
  }
  const there = units.some((unit) => FURTHEST.indexOf(unit.status) < FURTHEST.indexOf("staging"));
  const promised = units.map((unit) => moment(unit.promised_at)).filter((at) => at !== null);
  const first = Math.min(...promised);
  if (!there && promised.length > 0 && first < now)
    return { stage: "overdue", since: first, limits: OVERDUE, waits: false };

  const [furthest] = [...units].sort((a, b) => FURTHEST.indexOf(a.status) - FURTHEST.indexOf(b.status));
  if (furthest === undefined) return withoutUnits(incident);
  const known = STAGES[furthest.status];
  if (known) return { ...known, since: begun(furthest), waits: false };
  const assigned: Progress = { stage: "assigned", since: begun(furthest), waits: false };
  return furthest.acknowledged_at === null ? { ...assigned, limits: ACKNOWLEDGE } : { ...assigned, limits: DEPART };
}

function whenOver(incident: IncidentRow): Progress | null {
  const { state, closed_at, cancelled_at, t0 } = incident;
  if (state !== "closed" && state !== "cancelled") return null;
  return { stage: state, since: moment(closed_at ?? cancelled_at) ?? Date.parse(t0), waits: false };
}

function withoutUnits(incident: IncidentRow): Progress {
  const limits = WAITING[incident.priority];
  if (incident.state === "on_scene") {
    return { stage: "clearing", since: moment(incident.returned_at) ?? Date.parse(incident.t0), waits: false };
  }
  const returned = moment(incident.returned_at);
  if (returned !== null) return { stage: "waitingAgain", since: returned, limits, waits: true };
  return { stage: "waiting", since: Date.parse(incident.t0), limits, waits: true };
}
