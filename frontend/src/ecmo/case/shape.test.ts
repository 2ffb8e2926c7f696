import { expect, it } from "vitest";
import { canBind, openConditions, ranked, type ConditionShown, type OfferShown, type OfferState } from "./shape";

const offer = (state: OfferState, more: Partial<OfferShown> = {}): OfferShown => ({
  id: state,
  hospitalId: state,
  names: { zh: "示例", en: "", ug: "" },
  outside: false,
  state,
  version: 1,
  askedAt: 0,
  escalatesAt: null,
  dueAt: null,
  seenAt: null,
  seenBy: null,
  decidedAt: null,
  decidedBy: null,
  cannulationAt: null,
  boundAt: null,
  boundBy: null,
  reason: null,
  words: null,
  conditions: [],
  mine: false,
  ...more,
});
const condition = (tickedAt: number | null): ConditionShown => ({ id: "c", words: "x", tickedBy: null, tickedAt });

it("binds what is accepted, and what has conditions once all are ticked", () => {
  expect(canBind(offer("accepted"))).toBe(true);
  expect(canBind(offer("conditional", { conditions: [condition(1), condition(null)] }))).toBe(false);
  expect(canBind(offer("conditional", { conditions: [condition(1)] }))).toBe(true);
  for (const state of ["asked", "seen", "advised", "declined", "released", "unanswered", "bound", "waiting"] as const)
    expect(canBind(offer(state))).toBe(false);
  expect(openConditions(offer("conditional", { conditions: [condition(null)] }))).toBe(1);
});

it("puts the soonest acceptance first, then who is still to answer", () => {
  const all = [
    offer("declined"),
    offer("asked"),
    offer("conditional", { cannulationAt: 10 }),
    offer("accepted", { cannulationAt: 20 }),
    offer("bound", { cannulationAt: 99 }),
  ];
  expect(ranked(all).map(({ state }) => state)).toEqual(["bound", "conditional", "accepted", "asked", "declined"]);
});
