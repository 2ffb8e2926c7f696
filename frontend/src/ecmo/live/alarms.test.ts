import { expect, test } from "vitest";
import { about, foremost, told, waiting, type Alarm } from "./alarms";

const BASE: Alarm = {
  id: "a",
  version: 1,
  kind: "alarm",
  code: "circuit.drop_high",
  priority: "medium",
  offered: null,
  unit_id: "u",
  slot: 1,
  incident_id: "i",
  patient_id: "p",
  assignment_id: null,
  signal: "ecmo_drop",
  unit: "mm[Hg]",
  value: 52,
  bound: 50,
  began_at: "2026-11-27T03:00:00Z",
  raised_at: "2026-11-27T03:00:10Z",
  recorded_at: "2026-11-27T03:00:10Z",
  ended_at: null,
  late: false,
  times: 1,
  acknowledged: false,
  acknowledgements: [],
};
const alarm = (change: Partial<Alarm>): Alarm => ({ ...BASE, ...change });

test("what nobody acknowledged waits, the gravest first, also when it is over", () => {
  const over = alarm({ id: "over", priority: "high", ended_at: "2026-11-27T03:01:00Z" });
  const seen = alarm({ id: "seen", priority: "high", acknowledged: true });
  expect(waiting([BASE, over, seen]).map(({ id }) => id)).toEqual(["over", "a"]);
  expect(foremost([BASE, over, seen])?.id).toBe("over");
});

test("acknowledged, what goes on stays in the bar, and what is over leaves it", () => {
  const seen = alarm({ id: "seen", acknowledged: true });
  expect(foremost([seen])?.id).toBe("seen");
  expect(foremost([alarm({ acknowledged: true, ended_at: "2026-11-27T03:01:00Z" })])).toBeUndefined();
});

test("all is told by when it began, and a signal's row by what goes on now", () => {
  const later = alarm({ id: "later", began_at: "2026-11-27T04:00:00Z", late: true, priority: "high" });
  expect(told([BASE, later]).map(({ id }) => id)).toEqual(["later", "a"]);
  expect(about([BASE, later], "ecmo_drop")).toBe("medium");
  expect(about([BASE], "ecmo_flow")).toBeUndefined();
});
