/** When a running time turns amber, and when red; milliseconds. */

export interface Limits {
  amberMs: number;
  redMs: number;
}

export type Level = "plain" | "amber" | "red";

export function levelOf(passedMs: number, limits: Limits | undefined): Level {
  if (limits === undefined || passedMs < limits.amberMs) return "plain";
  return passedMs < limits.redMs ? "amber" : "red";
}

/** The share of its time that has passed, 0 to 1; 0 where there is no limit. */
export function agedOf(passedMs: number, limits: Limits | undefined): number {
  return limits === undefined || limits.redMs <= 0 ? 0 : Math.min(1, Math.max(0, passedMs / limits.redMs));
}

/** When a position is old, and when it is out of date; milliseconds. */
export interface AgeLimits {
  oldMs: number;
  staleMs: number;
}

export type Freshness = "fresh" | "old" | "stale";

export function freshness(ageMs: number, limits: AgeLimits): Freshness {
  if (ageMs <= limits.oldMs) return "fresh";
  return ageMs <= limits.staleMs ? "old" : "stale";
}
