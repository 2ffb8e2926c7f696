import { expect, it } from "vitest";
import { onAxis } from "./axis";
import { SIGNS } from "./signs";
import { freshness, levelOf } from "./timing";
import { windowOf } from "./window";

it("turns amber, then red", () => {
  const limits = { amberMs: 60_000, redMs: 120_000 };
  expect([59_999, 60_000, 119_999, 120_000].map((ms) => levelOf(ms, limits))).toEqual([
    "plain",
    "amber",
    "amber",
    "red",
  ]);
  expect(levelOf(9e9, undefined)).toBe("plain");
});

it("grows old, then stale", () => {
  const limits = { oldMs: 30_000, staleMs: 120_000 };
  expect([30_000, 30_001, 120_000, 120_001].map((ms) => freshness(ms, limits))).toEqual([
    "fresh",
    "old",
    "old",
    "stale",
  ]);
});

it("makes only the rows in sight, and a few beside them", () => {
  expect(windowOf(1_000, 44, 4_400, 440)).toEqual({ from: 94, to: 116 });
  expect(windowOf(3, 44, 0, 440)).toEqual({ from: 0, to: 3 });
  expect(windowOf(2, 44, 4_400, 440)).toEqual({ from: 2, to: 2 });
  expect(windowOf(0, 44, 0, 0)).toEqual({ from: 0, to: 0 });
});

it("draws every ETA of a list on one axis, and says when it does not fit", () => {
  expect(onAxis(300, 600, 1_200)).toEqual({ from: 25, width: 25, beyond: false });
  expect(onAxis(600, 3_000, 1_200)).toEqual({ from: 50, width: 50, beyond: true });
  const far = onAxis(2_000, 3_000, 1_200);
  expect(far.from + far.width).toBeLessThanOrEqual(100);
});

it("tells every sign from every other by its shape", () => {
  const shapes = Object.values(SIGNS).map((sign) => JSON.stringify({ directional: false, dashed: false, ...sign }));
  expect(new Set(shapes).size).toBe(shapes.length);
});
