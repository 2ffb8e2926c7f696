import { describe, expect, it } from "vitest";
import type { Schemas } from "../client/api";
import { offerOf, placesOf } from "./places";

const slot = (number: number, patient: string | null): Schemas["SlotOut"] => ({
  slot: number,
  attached: patient !== null,
  patient_id: patient,
  since: patient === null ? null : "2026-11-22T04:00:00Z",
  mark_id: null,
  last_at: "2026-11-22T04:00:00Z",
});

describe("the places of a vehicle", () => {
  it("are two at least, and nobody's until somebody is attached", () => {
    expect(placesOf([], []).map(({ slot, taken }) => [slot, taken])).toEqual([
      [1, false],
      [2, false],
    ]);
    expect(placesOf([slot(3, "a")], []).map(({ slot }) => slot)).toEqual([1, 2, 3]);
  });

  it("are as they were told here last, in the order in which it was told", () => {
    const told = placesOf(
      [slot(1, "a")],
      [
        { act: { kind: "detach", slot: 1 }, atMs: 5 },
        { act: { kind: "attach", slot: 1, patient: "b" }, atMs: 9 },
        { act: { kind: "attach", slot: 2, patient: "c" }, atMs: 9 },
        { act: { kind: "detach", slot: 2 }, atMs: 11 },
      ],
    );
    expect(told.map(({ patient, sinceMs, sends, held }) => [patient, sinceMs, sends, held])).toEqual([
      ["b", 9, true, true],
      [null, null, false, true],
    ]);
  });
});

describe("a status that is offered", () => {
  const offer = (over: Partial<Schemas["DetectionOut"]>): Schemas["DetectionOut"] =>
    ({
      id: "d",
      version: 2,
      kind: "offer",
      offered: "on_scene",
      assignment_id: "run",
      acknowledged: false,
      began_at: "2026-11-22T04:00:00Z",
      ...over,
    }) as Schemas["DetectionOut"];

  it("is of this run, open, and of a step that is not told", () => {
    const isNext = (status: string): boolean => status === "on_scene";
    expect(offerOf([offer({})], "run", isNext)).toEqual({
      id: "d",
      version: 2,
      status: "on_scene",
      atMs: Date.parse("2026-11-22T04:00:00Z"),
    });
    const closed = [
      { acknowledged: true },
      { assignment_id: "other" },
      { offered: "at_hospital" as const },
      { kind: "alarm" as const },
    ];
    for (const over of closed) expect(offerOf([offer(over)], "run", isNext)).toBeNull();
  });
});
