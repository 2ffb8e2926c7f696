import { expect, it } from "vitest";
import { Taken } from "./labels";

it("gives a place once", () => {
  const taken = new Taken();
  expect(taken.take({ x: 10, y: 10, width: 40, height: 12 })).toBe(true);
  expect(taken.take({ x: 45, y: 15, width: 40, height: 12 })).toBe(false);
  expect(taken.take({ x: 50, y: 10, width: 40, height: 12 })).toBe(true);
});

it("knows boxes that reach over several cells", () => {
  const taken = new Taken();
  expect(taken.take({ x: 0, y: 60, width: 300, height: 10 })).toBe(true);
  expect(taken.take({ x: 200, y: 66, width: 10, height: 10 })).toBe(false);
});
