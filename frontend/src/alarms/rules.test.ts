import { expect, it } from "vitest";
import type { BoardIncident } from "../incidents/board.svelte";
import { WAITING } from "../incidents/progress";
import type { BoardUnit } from "../units/fleet.svelte";
import { conditions } from "./rules";

const NOW = 1_000_000_000;
function waiting(priority: "P1" | "P2" | "P3", forMs: number): BoardIncident {
  const progress = { stage: "waiting", since: NOW - forMs, limits: WAITING[priority], waits: true };
  const row = { id: priority, number: "2026-000023", priority };
  return { id: priority, row, units: [], progress } as unknown as BoardIncident;
}
const told = (incidents: BoardIncident[], lostSince: number | null = null) =>
  conditions(incidents, [], NOW, lostSince).map(({ kind, urgency, incidentId }) => [kind, urgency, incidentId]);

it("raises an alarm when somebody waits past the limit of the priority, as urgent as that", () => {
  expect(told([waiting("P1", 119_999), waiting("P2", 239_999)])).toEqual([]);
  expect(told([waiting("P1", 120_000), waiting("P2", 240_000), waiting("P3", 1_200_000)])).toEqual([
    ["waiting", "high", "P1"],
    ["waiting", "medium", "P2"],
    ["waiting", "low", "P3"],
  ]);
});

it("raises the highest for a lost link, whatever the boards show", () => {
  expect(told([], NOW - 3_000)).toEqual([["linkLost", "high", null]]);
});

it("tells of units that are free and that nobody finds", () => {
  const unit = (lost: boolean): BoardUnit =>
    ({ row: { id: "u", call_sign: "温-03" }, standing: { lost }, fixAt: NOW - 400_000 }) as unknown as BoardUnit;
  expect(conditions([], [unit(false)], NOW, null)).toEqual([]);
  expect(conditions([], [unit(true)], NOW, null)).toMatchObject([
    { kind: "positionLost", urgency: "low", callSign: "温-03" },
  ]);
});
