import { expect, it } from "vitest";
import { levelOf, rangeOf, type Limits } from "./limits";

const NONE: Limits = {
  low: null,
  high: null,
  warnLow: null,
  warnHigh: null,
  criticalLow: null,
  criticalHigh: null,
  inclusive: false,
};
const DROP: Limits = { ...NONE, low: 10, high: 40, warnHigh: 50, criticalHigh: 80 };

it("warns beyond a limit, not at it", () => {
  expect([50, 51, 80, 81].map((value) => levelOf(value, DROP))).toEqual(["ok", "warn", "warn", "critical"]);
  const vein: Limits = { ...NONE, warnLow: -100, criticalLow: -120 };
  expect([-100, -101, -121].map((value) => levelOf(value, vein))).toEqual(["ok", "warn", "critical"]);
});

it("counts the limit itself where the table says so", () => {
  const limits = { ...DROP, inclusive: true };
  expect([49, 50, 79, 80].map((value) => levelOf(value, limits))).toEqual(["ok", "warn", "warn", "critical"]);
});

it("puts limits and value on one bar", () => {
  const bar = rangeOf(52, DROP);
  expect(bar?.marks.map(({ value, level }) => [value, level])).toEqual([
    [50, "warn"],
    [80, "critical"],
  ]);
  expect(bar?.expected?.from).toBeCloseTo(14.29, 1);
  expect(bar?.pointer).toBeGreaterThan(bar?.marks[0]?.at ?? 100);
  expect(bar?.pointer).toBeLessThan(bar?.marks[1]?.at ?? 0);
});

it("keeps a value far beyond on the bar, and draws no pointer where there is none", () => {
  expect(rangeOf(900, DROP)?.pointer).toBe(100);
  expect(rangeOf(-900, DROP)?.pointer).toBe(0);
  expect(rangeOf(null, DROP)?.pointer).toBeNull();
});

it("draws an open end to the edge, and nothing without limits", () => {
  expect(rangeOf(99, { ...NONE, low: 98, warnLow: 97, criticalLow: 90 })?.expected?.to).toBe(100);
  expect(rangeOf(99, NONE)).toBeNull();
});
