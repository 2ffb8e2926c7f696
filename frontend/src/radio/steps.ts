/** A form filled in on paper, and the steps by which it enters the record, in order. Pure. */

import { readIn, type Zone } from "../format/time";
import type { Schemas } from "../client/api";
import type { Priority, UnitStatus } from "../live/rows";

/** Of a vehicle, in the order in which they happen. */
export const POINTS = ["T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12"] as const;
export type PointName = (typeof POINTS)[number];
/** Of the call: it rang, was answered, intake was complete, it was hung up. */
export const CALL_POINTS = ["T0", "T1", "T2", "ended"] as const;
export type TimeName = (typeof CALL_POINTS)[number] | PointName;
export type StepName = "call" | "incident" | "ended" | PointName | "run" | "patient" | "close" | "note";

/** What a form can say of its patient; what needs more is entered in the record. A refusal is signed on the paper. */
export const OUTCOMES = [
  "transported",
  "treated_left",
  "refused",
  "dead_on_scene",
  "resuscitation_stopped",
  "not_found",
] as const satisfies readonly Schemas["PatientOutcome"][];
export type PaperOutcome = (typeof OUTCOMES)[number];

/** What a status of the unit tells; the others are told of the run. */
export const STATUS_OF: Partial<Record<PointName, UnitStatus>> = {
  T5: "en_route",
  T6: "on_scene",
  T7: "at_patient",
  T8: "transporting",
  T9: "at_hospital",
  T11: "returning_available",
  T12: "at_station",
};

export interface LateForm {
  /** The number printed on the blank. */
  blank: string;
  /** Day of the first time, 2026-11-22, in `zone`. */
  day: string;
  zone: Zone;
  phone: string;
  caller: string;
  place: string;
  card: string;
  priority: Priority | "";
  words: string;
  unitId: string;
  /** Its organisation has agreed to lend it. */
  agreed: boolean;
  outcome: PaperOutcome | "";
  /** `key` of the hospital that the patient was taken to. */
  hospitalId: string;
  times: Readonly<Record<TimeName, string>>;
}

/** What stands in the service already. */
export interface Standing {
  incidentId: string | null;
  /** The unit is on this incident: its order is in the record. */
  assigned: boolean;
}

export type Why = "missing" | "notATime" | "order" | "future";
export interface Fault {
  field: TimeName | "blank" | "day" | "priority" | "unitId" | "hospitalId";
  why: Why;
}
export type Moments = Readonly<Partial<Record<TimeName, number>>>;

const HALF_DAY_MS = 12 * 3_600_000;
const DAY_MS = 2 * HALF_DAY_MS;
/** A clock on the wall may be ahead by so much. */
const AHEAD_MS = 60_000;

export function emptyForm(day: string, zone: Zone = "beijing"): LateForm {
  const times = Object.fromEntries([...CALL_POINTS, ...POINTS].map((name) => [name, ""])) as LateForm["times"];
  return {
    blank: "",
    day,
    zone,
    phone: "",
    caller: "",
    place: "",
    card: "",
    priority: "",
    words: "",
    unitId: "",
    agreed: false,
    outcome: "",
    hospitalId: "",
    times,
  };
}

/** 03:12:47 of 3:12, 0312, 031247 or 3：12：47; null: it is no time. */
export function timeOf(typed: string): string | null {
  const found = /^(\d{1,2})[:.]?(\d{2})(?:[:.]?(\d{2}))?$/.exec(typed.normalize("NFKC").trim());
  if (found === null) return null;
  const [hours, minutes, seconds] = [found[1], found[2], found[3] ?? "0"].map(Number) as [number, number, number];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  return [hours, minutes, seconds].map((value) => String(value).padStart(2, "0")).join(":");
}

/** The moments of what is written, past midnight the next day's; and what is wrong, where anything is. */
export function read(form: LateForm, standing: Standing, now: number): { moments: Moments; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const moments: Partial<Record<TimeName, number>> = {};
  const missing = (field: Fault["field"], given: boolean): void => {
    if (!given) faults.push({ field, why: "missing" });
  };
  const fresh = standing.incidentId === null;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(form.day);
  missing("blank", form.blank.trim() !== "");
  missing("day", day);
  if (fresh) {
    missing("T0", form.times.T0.trim() !== "");
    missing("priority", form.priority !== "");
  }
  const runs = POINTS.some((name) => form.times[name].trim() !== "");
  if (form.outcome === "transported") missing("hospitalId", form.hospitalId !== "");
  if (runs) missing("unitId", form.unitId !== "");
  if (form.unitId !== "" && !standing.assigned) missing("T3", form.times.T3.trim() !== "");

  /** What each must not come before. */
  let first: number | null = null;
  let last: number | null = null;
  for (const name of [...CALL_POINTS, ...POINTS]) {
    const typed = form.times[name];
    if (typed.trim() === "" || !day) continue;
    const time = timeOf(typed);
    const written = time === null ? null : readIn(`${form.day}T${time}`, form.zone);
    if (written === null) {
      faults.push({ field: name, why: "notATime" });
      continue;
    }
    const ofRun = (POINTS as readonly string[]).includes(name);
    const before: number | null = ofRun ? (last ?? first) : first;
    let at = written;
    while (before !== null && before - at > HALF_DAY_MS) at += DAY_MS;
    if (before !== null && at < before) faults.push({ field: name, why: "order" });
    else if (at > now + AHEAD_MS) faults.push({ field: name, why: "future" });
    moments[name] = at;
    if (name === "T0") first = at;
    if (ofRun) last = at;
  }
  return { moments, faults };
}

/** Whether the run was over on paper: then it is entered whole, whatever the vehicle has done since. */
export function overOnPaper(form: LateForm, standing: Standing): boolean {
  return form.unitId !== "" && !standing.assigned && form.times.T3.trim() !== "" && form.times.T11.trim() !== "";
}

/** The step by which a time enters the record. */
export function stepFor(name: TimeName, form: LateForm, standing: Standing): StepName {
  if (name === "T0" || name === "T1") return "call";
  if (name === "T2") return "incident";
  if (name === "ended") return name;
  return overOnPaper(form, standing) ? "run" : name;
}

/** The steps in order. Of an incident that stands already, the words follow as a note. */
export function stepsOf(form: LateForm, moments: Moments, standing: Standing): StepName[] {
  const fresh = standing.incidentId === null;
  const whole = overOnPaper(form, standing);
  const run = POINTS.filter((name) => moments[name] !== undefined && (name !== "T3" || !standing.assigned));
  const there = (["T6", "T7", "T8", "T9"] as const).some((name) => moments[name] !== undefined);
  const settled = form.outcome !== "";
  return [
    ...(fresh ? (["call", "incident"] as const) : []),
    ...(fresh && moments.ended !== undefined ? (["ended"] as const) : []),
    ...(form.unitId === "" ? [] : whole ? (["run"] as const) : run),
    ...(settled && !whole ? (["patient"] as const) : []),
    ...(fresh && settled && whole && there ? (["close"] as const) : []),
    ...(fresh ? [] : (["note"] as const)),
  ];
}
