/**
 * The steps of a run as a crew taps them, and where a run stands: by what the service knows, and by what was tapped on this
 * phone and waits for the link. Pure.
 */

import type { Schemas } from "../client/api";
import type { UnitStatus } from "../live/rows";
import type { Held, Taken } from "./outbox.svelte";

type Point = Schemas["Point"];

export const STEPS = [
  "acknowledged",
  "en_route",
  "on_scene",
  "at_patient",
  "transporting",
  "at_hospital",
  "handed_over",
  "available",
] as const;
export type Step = (typeof STEPS)[number];

export const POINT: Readonly<Record<Step, Point>> = {
  acknowledged: "T4",
  en_route: "T5",
  on_scene: "T6",
  at_patient: "T7",
  transporting: "T8",
  at_hospital: "T9",
  handed_over: "T10",
  available: "T11",
};
/** What a step says of the unit; two of them say nothing of it. */
export const STATUS: Readonly<Partial<Record<Step, UnitStatus>>> = {
  en_route: "en_route",
  on_scene: "on_scene",
  at_patient: "at_patient",
  transporting: "transporting",
  at_hospital: "at_hospital",
  available: "returning_available",
};
const BY_STATUS = new Map(Object.entries(STATUS).map(([step, status]) => [status, step as Step]));

export type StepState =
  /** The service knows its time. */
  | "told"
  /** Tapped here; it waits for the link. */
  | "held"
  /** The service did not take it. */
  | "refused"
  /** A later step was told, this one never. */
  | "passed"
  /** The one that comes. */
  | "next"
  | "ahead";

export interface Standing {
  step: Step;
  state: StepState;
  /** Its true time by the service's clock, milliseconds since 1970; null where none is known. */
  at: number | null;
}

export interface Known {
  /** T4 to T11 of the run, as the service knows them. */
  times: readonly { point: Point; at: string }[];
  /** What of this run went out from this phone, and the service has answered with a time. */
  taken: readonly Taken[];
  /** What the unit is doing now. */
  status: UnitStatus | null;
  /** What waits on this phone of this run. */
  held: readonly Held[];
  /** How far this phone's clock is ahead of the service's; milliseconds. */
  offByMs: number;
  /** Nobody is taken to a hospital: everybody found has an outcome of another kind. */
  stays?: boolean;
}

/** Steps of a run that takes somebody to a hospital. */
const CARRYING: readonly Step[] = ["transporting", "at_hospital", "handed_over"];

/** The step that a status tells; null: none. */
export function stepFor(status: UnitStatus): Step | null {
  return BY_STATUS.get(status) ?? null;
}

/** Which step something that waits tells; null: none. */
export function stepOf({ act }: Pick<Taken, "act">): Step | null {
  if (act.kind === "time") return act.point === "T4" ? "acknowledged" : "handed_over";
  return act.kind === "status" ? (BY_STATUS.get(act.status) ?? null) : null;
}

/** Every step of a run, in order. */
export function standings({ times, taken, status, held, offByMs, stays = false }: Known): Standing[] {
  const told = new Map<Point, number>();
  for (const one of taken) {
    const step = stepOf(one);
    if (step !== null) told.set(POINT[step], Date.parse(one.at));
  }
  for (const { point, at } of times) told.set(point, Date.parse(at));
  const waits = new Map<Step, Held>();
  for (const one of held) {
    const step = stepOf(one);
    if (step !== null) waits.set(step, one);
  }
  const found = STEPS.map((step): Standing => {
    const known = told.get(POINT[step]);
    if (known !== undefined) return { step, state: "told", at: known };
    const mine = waits.get(step);
    if (mine === undefined) return { step, state: "ahead", at: null };
    return { step, state: mine.refused === null ? "held" : "refused", at: mine.at - offByMs };
  });
  // The unit may be further than any time tells: a dispatcher has said so just now.
  const byStatus = status === null ? undefined : BY_STATUS.get(status);
  const furthest = Math.max(
    found.findLastIndex(({ state }) => state === "told" || state === "held"),
    byStatus === undefined || byStatus === "available" ? -1 : STEPS.indexOf(byStatus),
  );
  const following = STEPS.at(furthest + 1);
  const next = stays && following === CARRYING[0] ? STEPS.indexOf("available") : furthest + 1;
  return found.map((one, place) => {
    if (one.state === "refused" && place === next) return { ...one, state: "next", at: null };
    if (one.state !== "ahead") return one;
    if (place < furthest) return { ...one, state: "passed" };
    if (place === furthest) return { ...one, state: "told" };
    return place === next ? { ...one, state: "next" } : one;
  });
}

/** The big one; null once all are told. */
export function nextOf(all: readonly Standing[]): Step | null {
  return all.find(({ state }) => state === "next")?.step ?? null;
}

/** Steps that nobody told and that a tap on `step` passes over. */
export function passedBy(all: readonly Standing[], step: Step): Step[] {
  return all
    .slice(0, STEPS.indexOf(step))
    .filter(({ state }) => state === "next" || state === "ahead")
    .map((one) => one.step);
}

/** Between which times a forgotten step can have been: after the last known before it, before the first after it. */
export function bounds(all: readonly Standing[], step: Step, from: number, now: number): { low: number; high: number } {
  const place = STEPS.indexOf(step);
  const before = all.slice(0, place).findLast(({ at }) => at !== null)?.at ?? from;
  const after = all.slice(place + 1).find(({ at }) => at !== null)?.at ?? now;
  return { low: Math.min(before, after), high: Math.max(before, after) };
}
