import { expect, test } from "vitest";
import { USUAL, type Asked } from "./asked";
import { exportOf, formsOf, type Way } from "./exporting";

const NOW = Date.UTC(2026, 10, 21, 16, 30);
const ASKED: Asked = { ...USUAL, system: "corps", targets: "aksu" };
const WAY: Way = { view: "figures", language: "ug", zone: "beijing", bom: true, reason: null, figure: undefined };

function query(address: string): [string, string][] {
  return [...new URL(address, "http://here").searchParams];
}

test("figures go out as they are shown", () => {
  expect(query(exportOf(ASKED, NOW, "csv", WAY, ["ground", "station"]))).toEqual([
    ["format", "csv"],
    ["from", "2026-11-21T16:00:00.000Z"],
    ["until", "2026-11-22T16:00:00.000Z"],
    ["language", "ug"],
    ["zone", "beijing"],
    ["view", "figures"],
    ["targets", "aksu"],
    ["where", "area_system:corps"],
    ["by", "ground"],
    ["by", "station"],
    ["bom", "true"],
  ]);
  expect(exportOf(ASKED, NOW, "pdf", WAY, [])).not.toContain("bom");
});

test("what else a figure is split by leaves with it", () => {
  const by = (address: string): string[] => new URL(address, "http://here").searchParams.getAll("by");
  const split: Asked = { ...ASKED, split: "complaint" };
  expect(by(exportOf(split, NOW, "csv", WAY, ["ground", "station"]))).toEqual(["ground", "station", "complaint"]);
  expect(by(exportOf({ ...split, split: "station" }, NOW, "csv", WAY, ["station"]))).toEqual(["station"]);
  const compared = exportOf({ ...split, tab: "compare" }, NOW, "csv", { ...WAY, view: "compare" }, []);
  expect(by(compared).at(-1)).toBe("complaint");
});

test("patient data leave with records and a reason only", () => {
  const asked = exportOf(ASKED, NOW, "xlsx", { ...WAY, view: "incidents", reason: "law" }, ["ground"]);
  expect(query(asked).slice(-2)).toEqual([
    ["patient_data", "true"],
    ["reason", "law"],
  ]);
  expect(exportOf(ASKED, NOW, "xlsx", { ...WAY, view: "incidents" }, [])).not.toContain("patient");
  expect(exportOf(ASKED, NOW, "xlsx", { ...WAY, reason: "law" }, [])).not.toContain("patient");
  expect(formsOf("runs")).not.toContain("pdf");
});

test("what else the page shows goes out as it is asked", () => {
  const trend = exportOf(ASKED, NOW, "xlsx", { ...WAY, view: "trend" }, []);
  expect(trend).toMatch(/^\/api\/reports\/shown\/trend\?/);
  // A day alone has its course told with the days before it.
  expect(Object.fromEntries(query(trend))).toMatchObject({
    from: "2026-10-23T16:00:00.000Z",
    kpi: "response",
    step: "day",
    measure: "mean",
    where: "area_system:corps",
  });
  const parted: Asked = { ...ASKED, period: "days7", against: "day", day: "2026-11-20" };
  expect(Object.fromEntries(query(exportOf(parted, NOW, "csv", { ...WAY, view: "compare" }, [])))).toMatchObject({
    from: "2026-11-19T16:00:00.000Z",
    until: "2026-11-22T16:00:00.000Z",
    before_from: "2026-11-15T16:00:00.000Z",
    before_until: "2026-11-19T16:00:00.000Z",
  });
  expect(formsOf("union")).toContain("pdf");
});

test("coverage goes out of what it is searched from", () => {
  const asked: Asked = { ...ASKED, tab: "coverage", basis: "stations", hour: "3" };
  const address = exportOf(asked, NOW, "geojson", { ...WAY, view: "coverage" }, ["ground"]);
  expect(query(address).slice(-3)).toEqual([
    ["view", "coverage"],
    ["basis", "stations"],
    ["hour", "3"],
  ]);
  const siting = exportOf(asked, NOW, "pdf", { ...WAY, view: "coverage_siting", minutes: 8 }, []);
  expect(Object.fromEntries(query(siting))).toMatchObject({ minutes: "8", count: "5" });
  expect(formsOf("coverage_hours")).not.toContain("geojson");
});
