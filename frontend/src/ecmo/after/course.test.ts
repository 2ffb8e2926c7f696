import { describe, expect, it } from "vitest";
import { en } from "../i18n/en";
import { ug } from "../i18n/ug";
import { zh } from "../i18n/zh";
import { barOf, detailOf, isGrave, OUTCOMES, reportOf } from "./course";

const row = (what: string, code = "", detail = "") => ({ at: "2026-11-27T11:00:00Z", what, code, detail, name: null });
const kpi = (minutes: number | null, target_min: number | null) => ({
  id: "to_flow",
  zh: "",
  en: "",
  ug: "",
  begins: "puncture" as const,
  ends: "flow" as const,
  begins_at: null,
  ends_at: null,
  minutes,
  target_min,
  met: null,
});

describe("the course of a transfer", () => {
  it("is told in words", () => {
    expect(detailOf(row("state", "outbound"), en, "")).toBe(en.missionCodes.missionStates.outbound);
    expect(detailOf(row("gate", "leaving_base", "open"), zh, "")).toBe("出发门 · 未齐放行");
    expect(detailOf(row("outcome", "h24", "off_circuit"), en, "")).toBe("At 24 hours · Alive, weaned");
    expect(detailOf(row("adverse", "patient.2.bleeding", "returning"), en, "")).toBe(
      `Bleeding · 2 grave · ${en.missionCodes.missionStates.returning} · patient.2.bleeding`,
    );
  });
  it("tells which centre saw it, decided, or was bound", () => {
    expect(detailOf(row("seen"), en, "Example Hospital")).toBe("Example Hospital");
    expect(detailOf(row("bound"), en, "Example Hospital")).toBe("Example Hospital");
    expect(detailOf(row("decision", "accept"), en, "Example Hospital")).toBe("accept · Example Hospital");
    expect(detailOf(row("decision", "decline", "no_bed"), en, "Example Hospital")).toBe(
      `decline · ${en.codes.declineReasons.no_bed} · Example Hospital`,
    );
  });
  it("marks what asks to be looked at", () => {
    expect(isGrave(row("gate", "leaving_base", "open"))).toBe(true);
    expect(isGrave(row("gate", "leaving_base", "closed"))).toBe(false);
    expect(isGrave(row("adverse"))).toBe(true);
  });
  it("has words for every outcome in three languages", () => {
    for (const texts of [zh, en, ug])
      for (const one of Object.values(OUTCOMES).flat()) expect(texts.after.outcomes[one]).not.toBe("");
  });
});

describe("a time beside its target", () => {
  it("fills up to the wider of both", () => {
    expect(barOf(kpi(60, 30))).toEqual({ filled: 100, target: 50 });
    expect(barOf(kpi(15, 30))).toEqual({ filled: 40, target: 80 });
    expect(barOf(kpi(15, null))).toEqual({ filled: 100, target: null });
    expect(barOf(kpi(null, 30))).toBeNull();
  });
});

it("names no patient data in the address of a report unless there is a reason", () => {
  expect(reportOf("m", "zh", null)).toBe("/api/ecmo/missions/m/report?language=zh");
  expect(reportOf("m", "zh", "care")).toContain("reason=care");
});
