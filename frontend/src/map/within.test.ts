import type { FeatureCollection } from "geojson";
import { expect, it } from "vitest";
import { areasOf, systemAt } from "./within";

const square = (west: number, south: number, size: number): number[][] => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
];
const AREAS: FeatureCollection = {
  type: "FeatureCollection",
  features: [
    {
      type: "Feature",
      properties: { system: "civil" },
      geometry: { type: "Polygon", coordinates: [square(80, 40, 2), square(80.5, 40.5, 0.5)] },
    },
    {
      type: "Feature",
      properties: { system: "corps" },
      geometry: { type: "MultiPolygon", coordinates: [[square(80.5, 40.5, 0.5)], [square(81.5, 41, 3)]] },
    },
  ],
};

it("tells whose area a place is in, a hole being nobody's or another's", () => {
  const areas = [areasOf(AREAS)];
  expect(systemAt(areas, 40.2, 80.2)).toBe("civil");
  expect(systemAt(areas, 40.7, 80.7)).toBe("corps");
  expect(systemAt(areas, 42.5, 83)).toBe("corps");
  expect(systemAt(areas, 39.9, 80.2)).toBeNull();
});

it("says nothing where two lay claim to a place", () => {
  expect(systemAt([areasOf(AREAS)], 41.5, 81.7)).toBeNull();
  expect(systemAt([], 40.2, 80.2)).toBeNull();
});

it("asks a wider level only where a nearer one says nothing", () => {
  const [civil, corps] = [areasOf({ ...AREAS, features: AREAS.features.slice(0, 1) }), areasOf(AREAS).slice(1)];
  expect(systemAt([corps, civil], 41.5, 81.7)).toBe("corps");
  expect(systemAt([corps, civil], 40.2, 80.2)).toBe("civil");
});
