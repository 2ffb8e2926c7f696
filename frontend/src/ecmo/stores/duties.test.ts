import { expect, it } from "vitest";
import type { Duty, Role } from "../team/staffing";
import {
  dutyBody,
  dutyFieldOf,
  matching,
  rolesFor,
  rosterOf,
  timeField,
  timesFor,
  uncovered,
  type Serving,
} from "./duties";

const at = (text: string): number => Date.parse(`2026-11-${text}:00+08:00`);
const NOW = at("27T20:10");
const duty = (id: string, from: string, until: string, roles: Role[], hospital_id = "near"): Duty => ({
  id,
  hospital_id,
  person_id: id.slice(0, 1),
  name: id,
  roles,
  from_at: new Date(at(from)).toISOString(),
  until_at: new Date(at(until)).toISOString(),
  mission_id: null,
});
const person = (person_id: string, organisation: string, is_physician = false): Serving => ({
  person_id,
  name: `示例${person_id}`,
  organisation,
  is_physician,
});
const DUTIES = [
  duty("a2", "28T08:00", "29T08:00", ["nurse"]),
  duty("b1", "27T08:00", "28T08:00", ["driver"]),
  duty("a1", "27T08:00", "28T08:00", ["nurse", "lead"]),
  duty("gone", "26T08:00", "27T20:00", ["perfusionist"]),
  duty("c1", "28T00:00", "28T12:00", ["lead"], "far"),
];

it("tells by hospital who is on call, in the order of roles, and who comes next", () => {
  const told = rosterOf(DUTIES, ["near", "far"], NOW).map(({ hospitalId, now, next }) => [
    hospitalId,
    now.map(({ id }) => id),
    next.map(({ id }) => id),
  ]);
  expect(told).toEqual([
    ["near", ["a1", "b1"], ["a2"]],
    ["far", [], ["c1"]],
  ]);
  expect(uncovered(DUTIES, NOW)).toEqual(["second_physician", "perfusionist"]);
});

it("finds people by name or organisation, the hospital's own first", () => {
  const people = [person("a", "乙院"), person("b", "甲院"), person("c", "甲院")];
  const found = (typed: string, most = 8): string[] =>
    matching(people, typed, "甲院", most).map(({ person_id }) => person_id);
  expect(found("")).toEqual(["b", "c", "a"]);
  expect(found("", 2)).toEqual(["b", "c"]);
  expect(found(" 例A ")).toEqual(["a"]);
  expect(found("乙")).toEqual(["a"]);
});

it("begins with the roles that somebody had last", () => {
  expect(rolesFor(person("a", "甲院", true), DUTIES)).toEqual(["nurse"]);
  expect(rolesFor(person("x", "甲院", true), DUTIES)).toEqual(["lead", "second_physician"]);
  expect(rolesFor(person("x", "甲院"), DUTIES)).toEqual([]);
});

it("begins now or where the last duty ends, and ends in the morning, twelve hours later at the least", () => {
  const shown = (id: string | null, now: number): string[] => {
    const { from, until } = timesFor(id, DUTIES, now);
    return [timeField(from), timeField(until)];
  };
  expect(shown(null, NOW)).toEqual(["2026-11-27T20:10", "2026-11-29T08:00"]);
  expect(shown(null, at("27T19:59"))).toEqual(["2026-11-27T19:59", "2026-11-28T08:00"]);
  expect(shown("a", NOW)).toEqual(["2026-11-29T08:00", "2026-11-30T08:00"]);
});

it("sends a duty in true times, and says which field holds it up", () => {
  const typed = {
    hospitalId: "near",
    person: person("a", "甲院"),
    roles: ["nurse" as const],
    from: "2026-11-27T20:00",
    until: "2026-11-28T08:00",
  };
  expect(dutyBody(typed, NOW).body).toEqual({
    hospital_id: "near",
    person_id: "a",
    roles: ["nurse"],
    from_at: "2026-11-27T12:00:00.000Z",
    until_at: "2026-11-28T00:00:00.000Z",
  });
  expect(dutyBody({ ...typed, hospitalId: "", person: null, roles: [] }, NOW).wrong).toEqual([
    "hospital",
    "person",
    "roles",
  ]);
  for (const until of ["", "2026-11-27T20:00", "2026-12-11T20:01", "2026-11-27T20:05"])
    expect(dutyBody({ ...typed, until }, NOW).wrong).toEqual(["times"]);
});

it("tells a refusal at its field", () => {
  expect(dutyFieldOf("ecmo_duty.overlaps")).toBe("times");
  expect(dutyFieldOf("permission.refused")).toBeNull();
});
