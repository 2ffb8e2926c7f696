/** Limits of one patient's circuit as somebody sets them: all that was set before goes with what is changed. Pure. */

import type { Schemas } from "../../client/api";

type Told = Pick<Schemas["CaseMeasuredOut"], "limits" | "set" | "gives_way">;
export type Own = Schemas["OwnLimitsIn"];
export const ENDS = ["critical_low", "warn_low", "warn_high", "critical_high"] as const;
export type End = (typeof ENDS)[number];

/** The patient's own signals beside a circuit have the limits of every patient, which nobody sets here; one that gave way
 * to a limit of the transfer is set like those of the circuit. */
const BESIDE: ReadonlySet<string> = new Set(["heart_rate", "spo2", "etco2_pressure"]);

/** A detector says yes or no: there is no limit to set. */
const DETECTORS: ReadonlySet<string> = new Set(["ecmo_bubble", "ecmo_level_low"]);

export function settable(told: Told): string[] {
  return told.limits
    .map(({ signal }) => signal)
    .filter((signal) => !DETECTORS.has(signal))
    .filter((signal) => !BESIDE.has(signal) || told.gives_way.includes(signal));
}

export function ownOf(told: Told, signal: string): Own {
  const one = told.limits.find((each) => each.signal === signal);
  return {
    signal,
    critical_low: one?.critical.low ?? null,
    warn_low: one?.warn.low ?? null,
    warn_high: one?.warn.high ?? null,
    critical_high: one?.critical.high ?? null,
  };
}

/** What is sent: everything that was set stays, and the signal that is changed is as it is written now. */
export function settingOf(told: Told, changed: Own): Schemas["CircuitIn"] {
  const before = (told.set?.own_limits ?? []).filter((signal) => signal !== changed.signal);
  return {
    flow_set: told.set?.flow_set ?? null,
    sweep_set: told.set?.sweep_set ?? null,
    limits: [...before.map((signal) => ownOf(told, signal)), changed],
  };
}

/** A number as it is written; null: no such end; undefined: it is no number. */
export function endOf(written: string): number | null | undefined {
  const text = written.trim().replace("−", "-");
  if (text === "") return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
