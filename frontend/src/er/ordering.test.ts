import { expect, it } from "vitest";
import { amountOf, isAbove, isWhole, unseenMs, WAITS_MS } from "./ordering";

const DRUG = { group: "drug", amount: 1, most: 5 } as const;
const TUBE = { group: "breathing", amount: null, most: null } as const;

it("takes amounts as people type them, and nothing that is none", () => {
  expect([amountOf(" 0.5 "), amountOf("0,5"), amountOf("300")]).toEqual([0.5, 0.5, 300]);
  expect(amountOf("")).toBeNull();
  for (const text of ["-1", "0", "1e9", "1.2.3", "5mg", "NaN", ".5"]) expect(amountOf(text)).toBeUndefined();
});

it("lets a drug go with amount and route, and another treatment without a route", () => {
  expect(isWhole(DRUG, 1, "iv", ["drug"])).toBe(true);
  expect(isWhole(DRUG, 1, null, ["drug"])).toBe(false);
  expect(isWhole(DRUG, null, "iv", ["drug"])).toBe(false);
  expect(isWhole(DRUG, undefined, "iv", ["drug"])).toBe(false);
  expect(isWhole(TUBE, null, null, ["drug"])).toBe(true);
  expect(isWhole(TUBE, 3, null, ["drug"])).toBe(false);
  expect(isWhole(undefined, null, null, ["drug"])).toBe(false);
});

it("asks back above what is usual", () => {
  expect([isAbove(DRUG, 5), isAbove(DRUG, 5.1), isAbove(TUBE, null)]).toEqual([false, true, false]);
});

it("tells of an order that nobody on board has seen", () => {
  const order = { state: "sent", given_at: "2026-11-27T03:00:00Z" } as const;
  const given = Date.parse(order.given_at);
  expect(unseenMs(order, given + WAITS_MS - 1)).toBeNull();
  expect(unseenMs(order, given + WAITS_MS)).toBe(WAITS_MS);
  expect(unseenMs({ ...order, state: "seen" }, given + 10 * WAITS_MS)).toBeNull();
});
