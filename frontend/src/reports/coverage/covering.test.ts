import { expect, test } from "vitest";
import type { Schemas } from "../../client/api";
import { bandOf, dotShade, drawnOf, limitName, lookedAt, nearOf, rowsOf, sitingMinutes, type Group } from "./covering";

const LIMITS = [
  { id: "8min", within_s: 480, within_m: null },
  { id: "15min", within_s: 900, within_m: null },
  { id: "30min", within_s: 1_800, within_m: null },
  { id: "5km", within_s: null, within_m: 5_000 },
];
const GROUP: Group = {
  group: "all",
  key: "",
  name_zh: "",
  name_en: "",
  name_ug: "",
  people: 100,
  people_within: [],
  incidents: 3,
  incidents_within: [],
  vehicles: 2,
  crewed: 1,
  free: 1,
  base: 50_000,
  needed: 1,
  missing: 0,
  per_30000: 600,
  per_50000: 1_000,
};

test("the middle time is looked at until another limit is chosen", () => {
  expect(LIMITS.map(limitName)).toEqual(["≤8 min", "≤15 min", "≤30 min", "≤5 km"]);
  expect(lookedAt(LIMITS, "")?.id).toBe("15min");
  expect(lookedAt(LIMITS, "5km")?.id).toBe("5km");
  expect(lookedAt(LIMITS, "of another centre")?.id).toBe("15min");
  expect(lookedAt([], "")).toBeUndefined();
  expect([sitingMinutes(LIMITS, "8min"), sitingMinutes(LIMITS, "5km")]).toEqual([8, 15]);
});

test("rows stand by group and people, and an empty one is left out", () => {
  const county: Group = { ...GROUP, group: "county", key: "b", people: 10 };
  const rows = rowsOf([
    county,
    { ...county, key: "c", people: 0, incidents: 0, vehicles: 0 },
    { ...county, key: "a", people: 20 },
    { ...GROUP, group: "ground", key: "rural", vehicles: null },
    GROUP,
  ]);
  expect(rows.map((one) => one.key)).toEqual(["", "rural", "a", "b"]);
  const near = { urban: ["5km"], rural: ["10km", "20km"] };
  expect(rows.map((one) => nearOf(one, near))).toEqual([[], ["10km", "20km"], [], []]);
});

test("a place stands in the first time that holds it, or in none", () => {
  expect([480, 481, 1_801, null].map((eta) => bandOf(eta, [480, 900, 1_800]))).toEqual([0, 1, -1, -1]);
  const shades = [0, 1, 2].map(dotShade);
  expect(shades.toSorted((a, b) => b - a)).toEqual(shades);
});

test("a map is taken apart by what its features are", () => {
  const point = (lon: number, lat: number): object => ({ type: "Point", coordinates: [lon, lat] });
  const area = { type: "Polygon", coordinates: [] };
  const map = {
    limits: LIMITS,
    features: [
      { type: "Feature", geometry: area, properties: { kind: "area", limit: "30min", within_s: 1_800 } },
      { type: "Feature", geometry: point(80, 41), properties: { kind: "cell", people: 12, eta_s: null } },
      { type: "Feature", geometry: point(81, 41), properties: { kind: "cell", people: 5, eta_s: 500 } },
      { type: "Feature", geometry: point(80, 40), properties: { kind: "source", name: "阿-01", organisation: "o" } },
    ],
  } as unknown as Schemas["CoverageMapOut"];
  const drawn = drawnOf(map);
  expect(drawn.areas.features.map((one) => one.properties?.band)).toEqual([2]);
  expect(drawn.cells).toEqual([
    { lat: 41, lon: 80, people: 12, band: -1 },
    { lat: 41, lon: 81, people: 5, band: 1 },
  ]);
  expect(drawn.sources).toEqual([{ lat: 40, lon: 80, name: "阿-01", organisation: "o" }]);
});
