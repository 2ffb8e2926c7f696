/** How far the clocks of a team are. Pure. */

import type { Schemas } from "../client/api";

type Clock = Schemas["ClockOut"];
type Team = Schemas["TeamOut"];

export interface Run {
  /** How long it ran, or runs; null: it has not begun, or nobody has told when. */
  ms: number | null;
  /** late: over its target; met: stopped within it. */
  level: "waits" | "runs" | "near" | "late" | "met" | "missed";
  /** Of the target, at most one. */
  share: number;
}

export function runOf(clock: Clock, now: number, ended: boolean): Run {
  if (clock.began_at === null) return { ms: null, level: clock.stopped_at === null ? "waits" : "met", share: 0 };
  const until = clock.stopped_at === null ? now : Date.parse(clock.stopped_at);
  const ms = until - Date.parse(clock.began_at);
  const late = ms > clock.target_s * 1_000;
  const level =
    clock.stopped_at !== null ? (late ? "missed" : "met") : late ? "late" : ms > clock.warn_s * 1_000 ? "near" : "runs";
  return {
    ms,
    level: ended && clock.stopped_at === null ? "waits" : level,
    share: Math.min(1, Math.max(0, ms / (clock.target_s * 1_000))),
  };
}

/** The clock that presses most: the least time left of those that run. */
export function pressing(team: Team, now: number): Clock | undefined {
  const left = (clock: Clock): number => Date.parse(clock.began_at ?? "") + clock.target_s * 1_000 - now;
  return team.clocks
    .filter(({ began_at, stopped_at }) => began_at !== null && stopped_at === null)
    .sort((one, two) => left(one) - left(two))[0];
}
