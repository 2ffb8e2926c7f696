/** What the rules say of a case, as the screen shows it. The rules themselves are the service's. */

import type { Value } from "./entering";
import type { ScoreClass } from "./scale";

export type Sign = "done" | "open" | "unknown" | "failed" | "not_met";

export type ScoreName = "resp" | "save" | "murray" | "gcs";

export interface ScoreItem {
  name: string;
  missing: boolean;
  /** Points; of what is missing the fewest and the most that it can give. */
  low: number;
  high: number;
}

export interface ScoreShown {
  name: ScoreName;
  low: number;
  high: number;
  complete: boolean;
  mean: boolean;
  constant: number;
  /** What the score can be at all. */
  least: number;
  most: number;
  classes: readonly (ScoreClass & { survival: number })[];
  items: readonly ScoreItem[];
  source: string;
}

export interface Entered {
  value: Value;
  /** When it was so; milliseconds. */
  atMs: number;
}

export type Standing = "met" | "not_met" | "unknown" | "not_applied";
export type Weight = "required" | "indication" | "supporting" | "relative" | "absolute";

export interface CriterionShown {
  name: string;
  weight: Weight;
  standing: Standing;
}

/** The sign before a criterion; of a contraindication that is met the box says so by a cross. */
export function signOf({ weight, standing }: CriterionShown): Sign {
  if (standing === "unknown") return "unknown";
  if (standing === "not_applied") return "not_met";
  if (weight === "absolute" || weight === "relative") return standing === "met" ? "failed" : "done";
  return standing === "met" ? "done" : "not_met";
}

const AGAINST: ReadonlySet<Weight> = new Set(["absolute", "relative"]);

/** What speaks for it and what speaks against it; what is met or unknown before what is not. */
export function partsOf(all: readonly CriterionShown[]): { criteria: CriterionShown[]; against: CriterionShown[] } {
  const order: readonly Standing[] = ["met", "unknown", "not_met", "not_applied"];
  const rank = (one: CriterionShown): number => order.indexOf(one.standing);
  const sorted = (list: CriterionShown[]): CriterionShown[] => list.sort((one, other) => rank(one) - rank(other));
  return {
    criteria: sorted(all.filter(({ weight }) => !AGAINST.has(weight))),
    against: sorted(all.filter(({ weight }) => AGAINST.has(weight))),
  };
}

export function countsOf(all: readonly CriterionShown[]): { met: number; unknown: number } {
  return {
    met: all.filter(({ standing }) => standing === "met").length,
    unknown: all.filter(({ standing }) => standing === "unknown").length,
  };
}
