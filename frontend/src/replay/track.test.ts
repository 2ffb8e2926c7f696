import { expect, it } from "vitest";
import { spotAt, type Point } from "./track";

const POINTS: readonly Point[] = [
  [10, 40, 80, 90, 12],
  [20, 40.01, 80.02, 90, 12],
  [200, 41, 81, null, null],
];

it("knows nothing before the first position", () => {
  expect(spotAt(POINTS, 9.9)).toBeUndefined();
  expect(spotAt([], 10)).toBeUndefined();
});

it("moves evenly between two positions", () => {
  const spot = spotAt(POINTS, 15);
  expect(spot?.lat).toBeCloseTo(40.005, 6);
  expect(spot?.lon).toBeCloseTo(80.01, 6);
  expect(spot?.headingDeg).toBe(90);
});

it("invents no way over a gap, and stays at the last position", () => {
  expect(spotAt(POINTS, 100)).toMatchObject({ lat: 40.01, lon: 80.02, fixS: 20 });
  expect(spotAt(POINTS, 5_000)).toMatchObject({ lat: 41, lon: 81, fixS: 200 });
});
