import { expect, it } from "vitest";
import { Elapsed } from "./elapsed";

it("counts what passes, and what passed while the computer slept, and nothing that its clock was set back", () => {
  let [steady, wall] = [1_000, 50_000];
  const elapsed = new Elapsed({ steady: () => steady, wall: () => wall });
  const pass = (byMs: number, wallMs = byMs): number => {
    steady += byMs;
    wall += wallMs;
    return elapsed.now();
  };
  expect(pass(500)).toBe(1_500);
  // Asleep for an hour: one clock stood still.
  expect(pass(100, 3_600_000)).toBe(3_601_500);
  expect(pass(400)).toBe(3_601_900);
  expect(pass(100, -600_000)).toBe(3_602_000);
  expect(pass(100, 2_000)).toBe(3_602_100);
});
