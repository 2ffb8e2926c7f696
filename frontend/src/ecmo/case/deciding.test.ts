import { expect, it } from "vitest";
import { conditionsOf, decidable, promisedAt, type Decided } from "./deciding";

const filled = (more: Partial<Decided>): Decided => ({
  decision: "accept",
  minutes: "60",
  conditions: "",
  words: "",
  reason: "no_team",
  ...more,
});

it("accepts with a time that can be", () => {
  expect(decidable(filled({}))).toBe(true);
  for (const minutes of ["", "0", "1441", "soon", "60.5"]) expect(decidable(filled({ minutes }))).toBe(false);
  expect(promisedAt("45", 1_000)).toBe(1_000 + 45 * 60_000);
});

it("takes conditions that are named, at most ten", () => {
  expect(decidable(filled({ decision: "conditional" }))).toBe(false);
  expect(decidable(filled({ decision: "conditional", conditions: "头颅 CT\n \n备血" }))).toBe(true);
  expect(conditionsOf("头颅 CT\n \n备血")).toEqual(["头颅 CT", "备血"]);
  expect(decidable(filled({ decision: "conditional", conditions: Array(11).fill("x").join("\n") }))).toBe(false);
});

it("wants words of advice, and of a physician's own judgement", () => {
  expect(decidable(filled({ decision: "advise", words: " " }))).toBe(false);
  expect(decidable(filled({ decision: "advise", words: "俯卧" }))).toBe(true);
  expect(decidable(filled({ decision: "decline" }))).toBe(true);
  expect(decidable(filled({ decision: "decline", reason: "judgement" }))).toBe(false);
});
