import { expect, test } from "vitest";
import type { Schemas } from "../../client/api";
import { aheadOf, goalsOf, isSoonest } from "./ahead";

type Mission = Schemas["MissionOut"];
const IDS = { centre_id: "centre", from_hospital_id: "from", to_hospital_id: "to" };

function told(state: string, more: Partial<Mission> = {}): Mission {
  return { mission: { ...IDS, state }, expected: [], plan_kind: null, plan_via: null, ...more } as unknown as Mission;
}

test("where the vehicle goes from each state", () => {
  expect(goalsOf(told("preparing"))).toEqual(["centre", "from"]);
  expect(goalsOf(told("outbound"))).toEqual(["from"]);
  expect(goalsOf(told("outbound", { plan_kind: "rendezvous", plan_via: "half" }))).toEqual(["half"]);
  expect(goalsOf(told("outbound", { plan_kind: "road", plan_via: "half" }))).toEqual(["from"]);
  for (const state of ["at_patient", "on_circuit", "returning", "arrived"])
    expect(goalsOf(told(state))).toEqual(["to"]);
  for (const state of ["handed_over", "stood_down", "died"]) expect(goalsOf(told(state))).toEqual([]);
});

test("of a moment that a later one has passed over nothing is expected", () => {
  const expected = [
    { mark: "wheels", happened: null },
    { mark: "at_patient", happened: "2026-11-27T11:21:00Z" },
    { mark: "arrived", happened: null },
  ] as unknown as Mission["expected"];
  expect(aheadOf({ expected }).map(({ mark }) => mark)).toEqual(["arrived"]);
  expect(aheadOf({ expected: [] })).toEqual([]);
});

test("the soonest is told where nobody knows when the vehicle goes on", () => {
  expect(isSoonest({ stands_unit_id: null, no_way_at: null })).toBe(false);
  expect(isSoonest({ stands_unit_id: "u", no_way_at: null })).toBe(true);
  expect(isSoonest({ stands_unit_id: null, no_way_at: "2026-11-28T03:00:00Z" })).toBe(true);
});
