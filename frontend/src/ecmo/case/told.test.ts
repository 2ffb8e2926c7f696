import { expect, it } from "vitest";
import { earlierOf, newestOf, waysOf } from "./told";

const value = (item: string, told: number | null, at: string) => ({
  item,
  value: told,
  at,
  entered_at: at,
  author_name: null,
});

it("takes the newest of each item, and takes back what was a mistake", () => {
  const found = newestOf([
    value("ph", 7.3, "2026-11-27T10:00:00Z"),
    value("pip", 40, "2026-11-27T10:00:00Z"),
    value("ph", 7.19, "2026-11-27T10:47:00Z"),
    value("pip", null, "2026-11-27T10:50:00Z"),
  ]);
  expect([...found]).toEqual([["ph", { value: 7.19, atMs: Date.parse("2026-11-27T10:47:00Z") }]]);
});

it("shows both ways of the centre that may be the soonest", () => {
  const way = (high: number | null) => ({
    standing: "possible" as const,
    low: 30,
    high: 60,
    to_circuit: high === null ? null : { low: 10, high },
    legs: [],
  });
  const centre = (hospital_id: string, brought: number | null, visited: number | null) => ({
    hospital_id,
    road_km: 1,
    to_cannulator: way(brought),
    to_patient: way(visited),
  });
  const told = { at: "", limit_min: 60, applies: true, rules: [] };
  const found = waysOf({
    ...told,
    centres: [centre("far", null, 80), centre("near", 90, 54), centre("none", null, null)],
  });
  expect(found.map(({ name, high }) => [name, high])).toEqual([
    ["to_cannulator", 60],
    ["to_patient", 60],
  ]);
  expect(waysOf({ ...told, centres: [] })).toEqual([]);
});

it("tells what was so before, the newest of it first, and nothing that was a mistake", () => {
  const found = earlierOf([
    value("ph", 7.3, "2026-11-27T10:00:00Z"),
    value("ph", 7.24, "2026-11-27T10:20:00Z"),
    value("ph", 9, "2026-11-27T10:30:00Z"),
    value("ph", null, "2026-11-27T10:31:00Z"),
    value("ph", 7.19, "2026-11-27T10:47:00Z"),
    value("pip", 40, "2026-11-27T10:00:00Z"),
  ]);
  expect(found.get("ph")?.map((one) => one.value)).toEqual([7.24, 7.3]);
  expect(found.get("pip")).toEqual([]);
});
