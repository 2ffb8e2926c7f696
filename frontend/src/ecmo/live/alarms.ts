/** The alarms of a case's patient and circuit: which one comes first, what waits, how long it may be quiet. Pure. */

import type { Schemas } from "../../client/api";

export type Alarm = Schemas["DetectionOut"];
export type Urgency = NonNullable<Alarm["priority"]>;

export const MUTE_MS = 120_000;
/** An alarm that nobody acknowledges sounds again after so long. */
export const AGAIN_MS: Readonly<Record<Urgency, number>> = { high: 10_000, medium: 30_000, low: 120_000 };
const RANK: Readonly<Record<Urgency, number>> = { high: 0, medium: 1, low: 2 };

/** What one's own side has not acknowledged yet, over or not: the gravest first, then the newest. */
export function waiting(alarms: readonly Alarm[]): Alarm[] {
  return sorted(alarms.filter(({ acknowledged }) => !acknowledged));
}

/** What is shown in the bar: what waits, else the gravest that goes on; undefined: nothing. */
export function foremost(alarms: readonly Alarm[]): Alarm | undefined {
  return waiting(alarms)[0] ?? sorted(alarms.filter(({ ended_at }) => ended_at === null))[0];
}

/** All that was found, the newest first. */
export function told(alarms: readonly Alarm[]): Alarm[] {
  return [...alarms].sort((one, other) => Date.parse(other.began_at) - Date.parse(one.began_at));
}

/** The gravest that goes on about a signal; undefined: none. */
export function about(alarms: readonly Alarm[], signal: string): Urgency | undefined {
  const found = sorted(alarms.filter((one) => one.signal === signal && one.ended_at === null && !one.late))[0];
  return found?.priority ?? undefined;
}

function sorted(alarms: readonly Alarm[]): Alarm[] {
  return [...alarms].sort(
    (one, other) =>
      RANK[one.priority ?? "low"] - RANK[other.priority ?? "low"] ||
      Date.parse(other.began_at) - Date.parse(one.began_at),
  );
}
