import { expect, test } from "vitest";
import { spanOf, USUAL, type Asked } from "./asked";
import { exportOf, formsOf, type Way } from "./exporting";

const NOW = Date.UTC(2026, 10, 21, 16, 30);
const ASKED: Asked = { ...USUAL, system: "corps", targets: "aksu" };
const SPAN = spanOf(ASKED, NOW);
const WAY: Way = { view: "figures", language: "ug", zone: "beijing", bom: true, reason: null };

function query(address: string): [string, string][] {
  return [...new URL(address, "http://here").searchParams];
}

test("figures go out as they are shown", () => {
  expect(query(exportOf(ASKED, SPAN, "csv", WAY, ["ground", "station"]))).toEqual([
    ["view", "figures"],
    ["format", "csv"],
    ["from", "2026-11-21T16:00:00.000Z"],
    ["until", "2026-11-22T16:00:00.000Z"],
    ["language", "ug"],
    ["zone", "beijing"],
    ["targets", "aksu"],
    ["where", "area_system:corps"],
    ["by", "ground"],
    ["by", "station"],
    ["bom", "true"],
  ]);
  expect(exportOf(ASKED, SPAN, "pdf", WAY, [])).not.toContain("bom");
});

test("patient data leave with records and a reason only", () => {
  const asked = exportOf(ASKED, SPAN, "xlsx", { ...WAY, view: "incidents", reason: "law" }, ["ground"]);
  expect(query(asked).slice(-2)).toEqual([
    ["patient_data", "true"],
    ["reason", "law"],
  ]);
  expect(exportOf(ASKED, SPAN, "xlsx", { ...WAY, view: "incidents" }, [])).not.toContain("patient");
  expect(exportOf(ASKED, SPAN, "xlsx", { ...WAY, reason: "law" }, [])).not.toContain("patient");
  expect(formsOf("runs")).not.toContain("pdf");
});
