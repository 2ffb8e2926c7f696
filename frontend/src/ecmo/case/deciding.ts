/** A decision as it is filled in, and whether it says all that it has to. Pure. */

import { wholeOf } from "../request/form";

export const DECISIONS = ["accept", "conditional", "advise", "decline"] as const;
export type Decision = (typeof DECISIONS)[number];
export const DECLINES = ["no_team", "no_console", "no_bed", "too_far", "weather", "judgement"] as const;

export interface Decided {
  decision: Decision;
  /** Until the circuit runs, as typed. */
  minutes: string;
  /** One a line. */
  conditions: string;
  words: string;
  reason: (typeof DECLINES)[number];
}

/** Until a circuit runs that is promised at all: a day. */
export const MOST_MINUTES = 1_440;
export const MOST_CONDITIONS = 10;

export function conditionsOf(typed: string): string[] {
  return typed
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

/** When the circuit is promised to run; null: no time that can be. */
export function promisedAt(minutes: string, now: number): number | null {
  const whole = wholeOf(minutes, 1, MOST_MINUTES);
  return whole === null ? null : now + whole * 60_000;
}

/** Advice says something, a physician's own judgement says why, conditions are named. */
export function decidable({ decision, minutes, conditions, words, reason }: Decided): boolean {
  const said = words.trim() !== "";
  if (decision === "advise") return said;
  if (decision === "decline") return said || reason !== "judgement";
  const count = conditionsOf(conditions).length;
  const named = decision === "accept" || (count > 0 && count <= MOST_CONDITIONS);
  return named && promisedAt(minutes, 0) !== null;
}
