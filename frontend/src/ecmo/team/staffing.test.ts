import { expect, it } from "vitest";
import { kindsOf, rolesOf, teamCount, type Duty, type Piece } from "./staffing";

const duty = (person_id: string, mission_id: string | null = null): Duty => ({
  id: `d-${person_id}`,
  hospital_id: "c",
  person_id,
  name: person_id,
  roles: ["lead"],
  from_at: "2026-11-27T08:00:00Z",
  until_at: "2026-11-27T20:00:00Z",
  mission_id,
});
const piece = (
  id: string,
  hospital_id: string,
  mission_id: string | null = null,
  problems: Piece["problems"] = [],
): Piece => ({
  id,
  code: id,
  kind: "console",
  size: "",
  hospital_id,
  is_ready: true,
  expires_at: null,
  checked_at: null,
  water_l: null,
  capacity_wh: null,
  mission_id,
  problems,
  expires_soon: false,
});
const booking = (id: string, of: Partial<{ kit_id: string; person_id: string; until_at: string }>) => ({
  id,
  kit_id: of.kit_id ?? null,
  person_id: of.person_id ?? null,
  name: of.person_id ?? null,
  role: of.person_id === undefined ? null : ("lead" as const),
  from_at: "2026-11-27T10:00:00Z",
  until_at: of.until_at ?? null,
});

it("tells who is in a role, who is lacking and who could come", () => {
  const told = {
    bookings: [booking("b1", { person_id: "a" }), booking("b2", { person_id: "b", until_at: "x" })],
    team_lacking: [{ what: "nurse", number: 1, could: ["n", "busy"] }],
  };
  const rows = rolesOf(told, [duty("a", "m"), duty("n"), duty("busy", "other")]);
  expect(rows.map(({ role, booked, lacking }) => [role, booked.map(({ name }) => name), lacking])).toEqual([
    ["lead", ["a"], 0],
    ["nurse", [], 1],
  ]);
  expect(rows[1]?.could.map(({ person_id }) => person_id)).toEqual(["n"]);
  expect(teamCount(rows)).toEqual({ has: 1, needs: 2 });
});

it("offers pieces that can be counted on, those at the centre first, and none that another has", () => {
  const told = {
    mission: { centre_id: "c" },
    bookings: [booking("b1", { kit_id: "mine" })],
    kit_lacking: [
      { what: "console", number: 1, could: ["c"] },
      { what: "heater", number: 1, could: [] },
    ],
  };
  const kit = [
    piece("mine", "c", "m"),
    piece("far", "x"),
    piece("near", "c"),
    piece("taken", "c", "other", ["booked"]),
    piece("old", "c", null, ["expired"]),
  ];
  const [consoles, heaters] = kindsOf(told, kit);
  expect(consoles?.booked.map(({ bookingId }) => bookingId)).toEqual(["b1"]);
  expect(consoles?.could.map(({ id }) => id)).toEqual(["near", "far"]);
  expect(heaters).toEqual({ kind: "heater", booked: [], lacking: 1, could: [] });
});
