/** A case as the page shows it, apart from how the service words it. */

import type { CriterionShown, ScoreShown } from "../request/assessed";
import type { WayShown } from "../request/lowFlow";

export interface Names {
  zh: string;
  en: string;
  ug: string;
}

export type OfferState =
  | "waiting"
  | "asked"
  | "seen"
  | "unanswered"
  | "accepted"
  | "conditional"
  | "advised"
  | "declined"
  | "bound"
  | "released";

export interface ConditionShown {
  id: string;
  words: string;
  tickedBy: string | null;
  tickedAt: number | null;
}

export interface OfferShown {
  id: string;
  hospitalId: string;
  names: Names;
  outside: boolean;
  state: OfferState;
  version: number;
  askedAt: number | null;
  /** When the next physician is called, and when it counts as unanswered; null: it is not awaited. */
  escalatesAt: number | null;
  dueAt: number | null;
  seenAt: number | null;
  seenBy: string | null;
  decidedAt: number | null;
  decidedBy: string | null;
  cannulationAt: number | null;
  boundAt: number | null;
  boundBy: string | null;
  reason: string | null;
  words: string | null;
  conditions: readonly ConditionShown[];
  /** Whoever looks may decide for this centre. */
  mine: boolean;
}

export interface CalledShown {
  id: string;
  name: string;
  centre: Names;
  place: number;
  raisedAt: number;
  seenAt: number | null;
  escalatedAt: number | null;
  endedAt: number | null;
  /** When the next one is called as well; null: nobody is. */
  escalatesAt: number | null;
}

export interface Assessment {
  mode: string;
  advice: "consider" | "discuss";
  direct: boolean;
  criteria: readonly CriterionShown[];
  criteriaSource: string;
  signedOff: boolean;
  scores: readonly ScoreShown[];
  notScored: readonly { name: string; why: string }[];
  ways: readonly WayShown[];
  limitMin: number;
  missing: ReadonlySet<string>;
}

const BINDABLE: ReadonlySet<string> = new Set(["accepted", "conditional"]);

/** Conditions that hold a binding back. */
export function openConditions({ state, conditions }: OfferShown): number {
  return state === "conditional" ? conditions.filter(({ tickedAt }) => tickedAt === null).length : 0;
}

/** Whether an answer can be bound now, as far as this page knows. */
export function canBind(offer: OfferShown): boolean {
  return BINDABLE.has(offer.state) && openConditions(offer) === 0;
}

/** Acceptances by their promised time, soonest first; then who is still to answer; then the rest. */
export function ranked(offers: readonly OfferShown[]): OfferShown[] {
  const rank = ({ state }: OfferShown): number =>
    state === "bound"
      ? 0
      : BINDABLE.has(state)
        ? 1
        : ["asked", "seen", "waiting", "unanswered"].includes(state)
          ? 2
          : 3;
  const at = ({ cannulationAt }: OfferShown): number => cannulationAt ?? Number.MAX_SAFE_INTEGER;
  return [...offers].sort((one, other) => rank(one) - rank(other) || at(one) - at(other));
}
