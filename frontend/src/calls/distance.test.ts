import { expect, it } from "vitest";
import { distanceM } from "./distance";

it("measures a degree of latitude, and Aksu to Alar", () => {
  expect(distanceM({ lat: 40, lon: 80 }, { lat: 41, lon: 80 })).toBeCloseTo(111_195, -1);
  expect(distanceM({ lat: 41.168, lon: 80.258 }, { lat: 40.547, lon: 81.278 }) / 1_000).toBeCloseTo(110, 0);
  expect(distanceM({ lat: 41, lon: 80 }, { lat: 41, lon: 80 })).toBe(0);
});
