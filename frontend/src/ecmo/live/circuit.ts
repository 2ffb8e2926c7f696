/** What is measured of a circuit, as rows: newest value with its age, limits, trend; faults of sensors told apart. Pure. */

import type { Schemas } from "../../client/api";
import { GAP_MS, gapsOf, type Gap, type Point, type Window } from "./trend";
import { levelOf, type Level, type Limits } from "./limits";

type Told = Schemas["CaseMeasuredOut"];
type Measured = NonNullable<Told["measured"]>;
type Value = Measured["values"][number];

export const CIRCUIT = [
  "ecmo_flow",
  "ecmo_speed",
  "ecmo_venous_pressure",
  "ecmo_pre_membrane",
  "ecmo_post_membrane",
  "ecmo_drop",
  "ecmo_svo2",
  "ecmo_post_so2",
  "ecmo_sweep",
  "ecmo_blood_temperature",
  "ecmo_battery",
] as const;
export const PATIENT = ["heart_rate", "art_mean", "spo2", "spo2_right_hand", "etco2_pressure"] as const;
/** Asked of some modes only: a row of its own where there are limits for it, or it is measured all the same. */
const ASKED: ReadonlySet<string> = new Set(["spo2_right_hand"]);
export type RowName = (typeof CIRCUIT)[number] | (typeof PATIENT)[number];

/** From when a streamed value is old, and from when it is no value of now any more; milliseconds. */
export const OLD_MS = 15_000;
export const STALE_MS = 60_000;
export const HOUR_MS = 3_600_000;
/** Points of a trend are so far apart. */
export const STEP_MS = 15_000;

export interface RowShown {
  name: RowName;
  value: number | null;
  decimals: number;
  unit: string;
  /** Null: it never came. */
  atMs: number | null;
  stale: boolean;
  limits: Limits;
  /** Of a value of now; a stale one has none. */
  level: Level | null;
  /** Something about it cannot be: the sensor, not the patient. */
  fault: boolean;
  points: readonly Point[];
}

const NONE: Limits = {
  low: null,
  high: null,
  warnLow: null,
  warnHigh: null,
  criticalLow: null,
  criticalHigh: null,
  inclusive: false,
};

export function limitsOf(told: Told["limits"], name: string): Limits {
  const one = told.find(({ signal }) => signal === name);
  if (one === undefined) return NONE;
  return {
    low: one.expected.low,
    high: one.expected.high,
    warnLow: one.warn.low,
    warnHigh: one.warn.high,
    criticalLow: one.critical.low,
    criticalHigh: one.critical.high,
    inclusive: one.inclusive,
  };
}

/** A pressure after the membrane above that before it, or blood that flows while the pump stands: a sensor says so. */
export function faultsOf(values: ReadonlyMap<string, number>): ReadonlySet<string> {
  const found = new Set<string>();
  const [pre, post] = [values.get("ecmo_pre_membrane"), values.get("ecmo_post_membrane")];
  if (pre !== undefined && post !== undefined && post > pre)
    for (const name of ["ecmo_pre_membrane", "ecmo_post_membrane", "ecmo_drop"]) found.add(name);
  const [flow, speed] = [values.get("ecmo_flow"), values.get("ecmo_speed")];
  if (flow !== undefined && speed !== undefined && flow > 0 && speed === 0)
    for (const name of ["ecmo_flow", "ecmo_speed"]) found.add(name);
  return found;
}

/** Points at which both pressures are known. */
export function dropOf(pre: readonly Point[], post: readonly Point[]): Point[] {
  const after = new Map(post.map(({ atMs, value }) => [Math.floor(atMs / STEP_MS), value]));
  return pre.flatMap(({ atMs, value }) => {
    const other = after.get(Math.floor(atMs / STEP_MS));
    return other === undefined ? [] : [{ atMs, value: value - other }];
  });
}

export interface Shown {
  circuit: readonly RowShown[];
  patient: readonly RowShown[];
  gaps: readonly Gap[];
  window: Window;
  /** When anything of the circuit was measured last; null: never. */
  lastMs: number | null;
  /** Minutes that the console says its battery lasts; null: it says nothing, or not now. */
  batteryLeft: number | null;
}

export function shownOf({ measured, limits }: Told, now: number): Shown {
  const values = new Map((measured?.values ?? []).map((one) => [one.signal, one]));
  const trends = new Map((measured?.trends ?? []).map((one) => [one.signal, pointsOf(one)]));
  const [pre, post] = [values.get("ecmo_pre_membrane"), values.get("ecmo_post_membrane")];
  const drop = pre?.value == null || post?.value == null ? undefined : dropped(pre, post);
  if (drop !== undefined) values.set("ecmo_drop", drop);
  trends.set("ecmo_drop", dropOf(trends.get("ecmo_pre_membrane") ?? [], trends.get("ecmo_post_membrane") ?? []));
  const fresh = new Map(
    [...values].flatMap(([name, { value, at }]) =>
      value === null || now - Date.parse(at) > STALE_MS ? [] : [[name, value] as const],
    ),
  );
  const faults = faultsOf(fresh);
  const row = (name: RowName): RowShown => {
    const told = values.get(name);
    const own = limitsOf(limits, name);
    const current = fresh.get(name);
    return {
      name,
      value: told?.value ?? null,
      decimals: told?.decimals ?? 0,
      unit: told?.unit ?? "",
      atMs: told === undefined ? null : Date.parse(told.at),
      stale: told !== undefined && now - Date.parse(told.at) > STALE_MS,
      limits: own,
      level: current === undefined ? null : levelOf(current, own),
      fault: faults.has(name),
      points: trends.get(name) ?? [],
    };
  };
  const window = { fromMs: now - HOUR_MS, untilMs: now };
  const circuit = CIRCUIT.map(row);
  const heard = circuit.flatMap(({ points, atMs }) => [
    ...points.map((one) => one.atMs),
    ...(atMs === null ? [] : [atMs]),
  ]);
  return {
    circuit,
    patient: PATIENT.filter(
      (name) => !ASKED.has(name) || values.has(name) || limits.some(({ signal }) => signal === name),
    ).map(row),
    gaps: gapsOf(heard, window).filter((gap) => gap.untilMs - gap.fromMs > GAP_MS),
    window,
    batteryLeft: fresh.get("ecmo_battery_runtime") ?? null,
    lastMs: heard.length === 0 ? null : Math.max(...heard),
  };
}

function dropped(pre: Value, post: Value): Value {
  const at = pre.at < post.at ? pre.at : post.at;
  return { ...pre, signal: "ecmo_drop", at, value: (pre.value ?? 0) - (post.value ?? 0) };
}

function pointsOf({ at, values }: Measured["trends"][number]): Point[] {
  return at.map((one, place) => ({ atMs: Date.parse(one), value: values[place] ?? 0 }));
}
