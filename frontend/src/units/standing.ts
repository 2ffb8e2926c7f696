/** What a unit does, as a sign, a tone, a word and a running time. One way for every board and for the map. */

import { moment } from "../format/time";
import type { Texts } from "../i18n/index.svelte";
import { ACKNOWLEDGE, DEPART, HANDOVER, SCENE } from "../incidents/progress";
import type { AssignmentRow, UnitRow, UnitStatus } from "../live/rows";
import type { SignName, Tone } from "../ui/signs";
import { freshness, type AgeLimits, type Limits } from "../ui/timing";

export const SIGN_OF: Record<UnitStatus, SignName> = {
  unknown: "lost",
  at_station: "available",
  returning_available: "returning",
  assigned: "sent",
  en_route: "enRoute",
  staging: "staging",
  on_scene: "onScene",
  at_patient: "atPatient",
  transporting: "transporting",
  at_hospital: "atHospital",
  returning: "returning",
  relief: "relief",
  standby: "standby",
  transfer: "transfer",
  out_of_service: "out",
};
const OUT: ReadonlySet<UnitStatus> = new Set(["out_of_service", "relief", "returning"]);
const TRAVELLING: ReadonlySet<UnitStatus> = new Set([
  "returning_available",
  "en_route",
  "transporting",
  "returning",
  "transfer",
]);

/** Out of date as in `dispatch/units/duty.toml`; old a while before, so that a vehicle at its station gives no noise. */
const MOVING: AgeLimits = { oldMs: 30_000, staleMs: 120_000 };
const STANDING: AgeLimits = { oldMs: 600_000, staleMs: 900_000 };

/** What an assignment says of how its unit stands. */
type Ordered = Pick<AssignmentRow, "acknowledged_at" | "promised_at">;

export interface Standing {
  sign: SignName;
  tone: Tone;
  word: string;
  since: number | null;
  limits?: Limits;
  /** Free by its status, but nobody knows where it is. */
  lost: boolean;
}

export function travels(status: UnitStatus): boolean {
  return TRAVELLING.has(status);
}

export function ageLimits(status: UnitStatus): AgeLimits {
  return travels(status) ? MOVING : STANDING;
}

/** Whether the age of a unit's position says something: it moves, or should have told by now. A parked one tells seldom. */
export function ageMatters(status: UnitStatus, ageMs: number): boolean {
  return travels(status) || freshness(ageMs, ageLimits(status)) !== "fresh";
}

/** `fixAt`: of the newest position known; `now`: the service's time. */
export function standingOf(
  unit: UnitRow,
  run: Ordered | undefined,
  fixAt: number | null,
  now: number,
  texts: Texts["codes"],
): Standing {
  const since = moment(unit.since);
  if (!unit.available && hasNoCrew(unit)) {
    return { sign: "noCrew", tone: "out", word: texts.noCrew, since: null, lost: false };
  }
  const lost =
    unit.available &&
    unit.position.basis !== "station" &&
    fixAt !== null &&
    freshness(now - fixAt, ageLimits(unit.status)) === "stale";
  if (lost) return { sign: "lost", tone: "lost", word: texts.lost, since, lost };
  const acknowledged = unit.status === "assigned" && run !== undefined && run.acknowledged_at !== null;
  const limits = limitsOf(unit, run, since, acknowledged);
  return {
    sign: SIGN_OF[unit.status],
    tone: unit.status === "unknown" ? "lost" : unit.available ? "free" : OUT.has(unit.status) ? "out" : "working",
    word: acknowledged ? texts.acknowledged : texts.status[unit.status],
    since,
    lost,
    ...(limits && { limits }),
  };
}

function hasNoCrew(unit: UnitRow): boolean {
  return unit.hindrances.some((one) => one.reason === "no_crew");
}

function limitsOf(unit: UnitRow, run: Ordered | undefined, since: number | null, told: boolean): Limits | undefined {
  switch (unit.status) {
    case "assigned":
      return told ? DEPART : ACKNOWLEDGE;
    case "en_route": {
      const promised = moment(run?.promised_at);
      if (promised === null || since === null) return undefined;
      return { amberMs: promised - since, redMs: promised - since + 60_000 };
    }
    case "on_scene":
    case "at_patient":
      return SCENE;
    case "at_hospital":
      return HANDOVER;
    default: {
      const end = moment(unit.expected_end_at);
      return end === null || since === null ? undefined : { amberMs: end - since, redMs: end - since + 900_000 };
    }
  }
}
