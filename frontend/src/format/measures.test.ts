import { expect, it } from "vitest";
import { distance, minutesRange, spoken, thousands } from "./measures";

it.each([
  [null, "—"],
  [847, "850 m"],
  [994, "990 m"],
  [996, "1.0 km"],
  [6_120, "6.1 km"],
  [110_200, "110 km"],
])("%s metres are %s", (metres, told) => expect(distance(metres)).toBe(told));

it("never promises more than the range holds", () => {
  expect(minutesRange(361, 479)).toBe("6–8");
  expect(minutesRange(10, 20)).toBe("0–1");
  expect(minutesRange(480, 480)).toBe("8–9");
});

it("speaks the end of a number", () => {
  expect(["2026-000123", "20261122-0003", "7"].map(spoken)).toEqual(["123", "03", "07"]);
});

it("groups thousands", () => expect([thousands(481_207), thousands(99)]).toEqual(["481\u2009207", "99"]));
