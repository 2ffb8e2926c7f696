import { describe, expect, it } from "vitest";
import type { AssignmentRow, IncidentRow } from "../live/rows";
import { nextWaiting, step } from "./stepping";
import { ACKNOWLEDGE, DEPART, progressOf, WAITING } from "./progress";

const T0 = Date.parse("2026-11-22T04:00:00Z");
const at = (seconds: number): string => new Date(T0 + seconds * 1_000).toISOString();
const nobody = (): null => null;

function incident(more: Partial<IncidentRow> = {}): IncidentRow {
  return { id: "i", priority: "P1", state: "open", t0: at(0), returned_at: null, ...more } as IncidentRow;
}
function unit(more: Partial<AssignmentRow> = {}): AssignmentRow {
  const row = { unit_id: "u", status: "assigned", assigned_at: at(60), acknowledged_at: null, promised_at: at(600) };
  return { ...row, ...more } as AssignmentRow;
}
const told = (row: IncidentRow, units: AssignmentRow[], seconds: number) =>
  progressOf(row, units, nobody, T0 + seconds * 1_000);

describe("an incident without units", () => {
  it("waits since it rang", () => {
    expect(told(incident(), [], 30)).toEqual({ stage: "waiting", since: T0, limits: WAITING.P1, waits: true });
  });
  it("waits again since it lost its last unit", () => {
    expect(told(incident({ returned_at: at(300) }), [], 400)).toMatchObject({
      stage: "waitingAgain",
      since: T0 + 300_000,
      waits: true,
    });
  });
  it("that has been reached is to be closed, not sent to", () => {
    expect(told(incident({ state: "on_scene" }), [], 400)).toMatchObject({ stage: "clearing", waits: false });
  });
});

describe("an incident with units", () => {
  it("tells that no crew has answered before all else", () => {
    const there = unit({ unit_id: "v", status: "on_scene", acknowledged_at: at(70) });
    expect(told(incident(), [there, unit()], 95)).toMatchObject({ stage: "unacknowledged", limits: ACKNOWLEDGE });
    expect(told(incident(), [unit()], 80)).toMatchObject({ stage: "assigned", limits: ACKNOWLEDGE });
    expect(told(incident(), [unit({ acknowledged_at: at(70) })], 95)).toMatchObject({
      stage: "assigned",
      limits: DEPART,
    });
  });
  it("is overdue once the first arrival promised has passed and nobody is there", () => {
    const late = unit({ status: "en_route", acknowledged_at: at(70) });
    const later = unit({ unit_id: "v", status: "en_route", acknowledged_at: at(70), promised_at: at(900) });
    expect(told(incident(), [later, late], 610)).toMatchObject({ stage: "overdue", since: T0 + 600_000 });
    const there = unit({ unit_id: "v", status: "at_patient", acknowledged_at: at(70) });
    expect(told(incident(), [late, there], 610).stage).toBe("atPatient");
  });
  it("is as far as the furthest of them", () => {
    const units = (["en_route", "transporting", "on_scene"] as const).map((status) =>
      unit({ status, acknowledged_at: at(70) }),
    );
    expect(told(incident(), units, 100).stage).toBe("transporting");
  });
});

describe("going through the board", () => {
  const rows = ["a", "b", "c"].map((id) => ({ id, progress: told(incident(), id === "b" ? [unit()] : [], 10) }));
  it("stops at its ends", () => {
    expect([step(rows, null, 1), step(rows, "a", -1), step(rows, "b", 1), step(rows, "c", 1)]).toEqual([
      "a",
      "a",
      "c",
      "c",
    ]);
    expect(step([], "a", 1)).toBe("a");
  });
  it("goes round those that wait", () => {
    expect([nextWaiting(rows, null), nextWaiting(rows, "a"), nextWaiting(rows, "c")]).toEqual(["a", "c", "a"]);
    expect(nextWaiting([], "x")).toBe("x");
  });
});
