/**
 * What is worth an alarm, worked out from what the boards show. Urgencies follow IEC 60601-1-8: high where a life may
 * hang on it now, medium where somebody must act soon, low where somebody must know.
 */

import type { BoardIncident } from "../incidents/board.svelte";
import type { Level } from "../ui/timing";
import { levelOf } from "../ui/timing";
import type { BoardUnit } from "../units/fleet.svelte";

export type Urgency = "high" | "medium" | "low";
export const URGENCIES: readonly Urgency[] = ["high", "medium", "low"];

/** What a crew calls for by a button. */
export const CREW_CALLS = ["danger", "breakdown_aboard", "breakdown", "second_unit", "police", "fire"] as const;
export type CrewCall = (typeof CREW_CALLS)[number];
export type AlarmKind =
  | "linkLost"
  | "waiting"
  | "unacknowledged"
  | "overdue"
  | "handover"
  | "positionLost"
  | "prealert"
  | "stretcher"
  | "unwatched"
  | "ecmo.gate"
  | `crew.${CrewCall}`;

export interface Condition {
  /** The same as long as it is the same thing about the same subject. */
  id: string;
  kind: AlarmKind;
  urgency: Urgency;
  /** Milliseconds since 1970. */
  since: number;
  incidentId: string | null;
  incidentNumber: string;
  callSign: string;
  /** What more there is to say of it, in words. */
  detail?: string;
}

interface Rule {
  kind: AlarmKind;
  from: Exclude<Level, "plain">;
  urgency: (incident: BoardIncident) => Urgency;
}

const urgent = (incident: BoardIncident): Urgency => (incident.row.priority === "P1" ? "high" : "medium");
const WAITS: Rule = {
  kind: "waiting",
  from: "red",
  urgency: ({ row }) => (row.priority === "P1" ? "high" : row.priority === "P2" ? "medium" : "low"),
};
const RULES: Partial<Record<BoardIncident["progress"]["stage"], Rule>> = {
  waiting: WAITS,
  waitingAgain: WAITS,
  unacknowledged: { kind: "unacknowledged", from: "red", urgency: urgent },
  overdue: { kind: "overdue", from: "amber", urgency: urgent },
  handover: { kind: "handover", from: "red", urgency: () => "low" },
};

/** A call of a crew that no dispatcher has acknowledged yet. */
export interface Called {
  id: string;
  kind: `crew.${CrewCall}`;
  urgency: Urgency;
  since: number;
  incidentId: string;
  incidentNumber: string;
  callSign: string;
}

/**
 * Everything that is wrong now. `lostSince`: since when the link is lost, null while it is not; `others`: what the service
 * finds wrong by itself.
 */
export function conditions(
  incidents: readonly BoardIncident[],
  units: readonly BoardUnit[],
  now: number,
  lostSince: number | null,
  calls: readonly Called[] = [],
  others: readonly Condition[] = [],
): Condition[] {
  const found: Condition[] = [...calls.map((call) => ({ ...call, id: `${CALL}${call.id}` })), ...others];
  if (lostSince !== null) {
    found.push({ id: "link", kind: "linkLost", urgency: "high", since: lostSince, ...NOBODY });
  }
  for (const incident of incidents) {
    const { progress, row } = incident;
    const rule = RULES[progress.stage];
    if (rule === undefined) continue;
    const level = levelOf(now - progress.since, progress.limits);
    if (level !== "red" && level !== rule.from) continue;
    // The service tells of the same wait by the patient, and sooner.
    if (rule.kind === "handover" && others.some((one) => one.kind === "stretcher" && one.incidentId === row.id))
      continue;
    found.push({
      id: `${rule.kind}:${row.id}`,
      kind: rule.kind,
      urgency: rule.urgency(incident),
      since: progress.since,
      incidentId: row.id,
      incidentNumber: row.number,
      callSign: callSigns(incident),
    });
  }
  for (const { row, standing, fixAt } of units) {
    if (!standing.lost || fixAt === null) continue;
    found.push({
      id: `positionLost:${row.id}`,
      kind: "positionLost",
      urgency: "low",
      since: fixAt,
      ...NOBODY,
      callSign: row.call_sign,
    });
  }
  return found;
}

/** The first unit, and how many there are besides. */
function callSigns({ units }: BoardIncident): string {
  const [first, ...others] = units;
  if (first === undefined) return "";
  return others.length === 0 ? first.call_sign : `${first.call_sign} +${others.length}`;
}

/** Before the id of a crew's call. */
export const CALL = "crew:";

const NOBODY = { incidentId: null, incidentNumber: "", callSign: "" } as const;
