import { expect, it } from "vitest";
import type { Piece } from "../team/staffing";
import { kitBody, kitFieldOf, needsLook, nextCode, stockOf, summaryOf, type KitTyped } from "./stock";

const piece = (code: string, of: Partial<Piece> = {}): Piece => ({
  id: code,
  code,
  kind: "console",
  size: "",
  hospital_id: "near",
  is_ready: true,
  expires_at: null,
  checked_at: "2026-11-27T08:00:00Z",
  water_l: null,
  capacity_wh: null,
  mission_id: null,
  problems: [],
  expires_soon: false,
  ...of,
});
const TYPED: KitTyped = {
  code: " O2-9 ",
  kind: "console",
  hospitalId: "near",
  size: "",
  expires: "",
  water: "",
  capacity: "",
};

it("lists kit by hospital in the given order, by kind within; a mission's is nothing wrong", () => {
  const kit = [
    piece("b", { hospital_id: "unlisted" }),
    piece("p1", { kind: "pump", problems: ["not_ready"] }),
    piece("c1", { problems: ["booked"], mission_id: "m" }),
    piece("far", { hospital_id: "far" }),
  ];
  const stock = stockOf(kit, ["far", "near"]);
  expect(stock.map(({ hospitalId, good, count }) => [hospitalId, good, count])).toEqual([
    ["far", 1, 1],
    ["near", 1, 2],
    ["unlisted", 1, 1],
  ]);
  expect(stock[1]?.kinds.map(({ kind, pieces }) => [kind, pieces.map(({ code }) => code)])).toEqual([
    ["console", ["c1"]],
    ["pump", ["p1"]],
  ]);
});

it("counts what can be taken, and finds what needs a look", () => {
  const kit = [
    piece("good"),
    piece("taken", { problems: ["booked"], mission_id: "m" }),
    piece("old", { problems: ["expired", "unchecked"] }),
    piece("soon", { expires_soon: true }),
  ];
  expect(summaryOf(kit)).toEqual({ all: 4, good: 2, booked: 1, expired: 1, soon: 1, unchecked: 1 });
  expect(kit.filter(needsLook).map(({ code }) => code)).toEqual(["old", "soon"]);
});

it("sends only what the kind needs, and says which field holds it up", () => {
  const all: KitTyped = { ...TYPED, water: "10,5", capacity: "400", expires: "2027-03-31", size: " 23 Fr " };
  const base = { code: "O2-9", hospital_id: "near", size: "23 Fr" };
  expect(kitBody(all).body).toEqual({ ...base, kind: "console" });
  expect(kitBody({ ...all, kind: "cylinder" }).body).toEqual({ ...base, kind: "cylinder", water_l: 10.5 });
  expect(kitBody({ ...all, kind: "battery" }).body).toEqual({ ...base, kind: "battery", capacity_wh: 400 });
  // To the end of the day in Beijing.
  expect(kitBody({ ...all, kind: "circuit" }).body).toEqual({
    ...base,
    kind: "circuit",
    expires_at: "2027-03-31T15:59:59.000Z",
  });
  expect(kitBody({ ...TYPED, code: " ", hospitalId: "", kind: "cylinder", water: "0" }).wrong).toEqual([
    "code",
    "hospital",
    "water",
  ]);
  expect(kitBody({ ...TYPED, kind: "battery", capacity: "20001" }).wrong).toEqual(["capacity"]);
  expect(kitBody({ ...TYPED, kind: "blood" }).wrong).toEqual(["expires"]);
});

it("tells a refusal at its field", () => {
  expect(kitFieldOf("ecmo_kit.code", "console")).toBe("code");
  expect(kitFieldOf("ecmo_kit.size", "battery")).toBe("capacity");
  expect(kitFieldOf("permission.refused", "battery")).toBeNull();
});

it.each([
  ["O2-9", "O2-10"],
  ["示例管路07", "示例管路08"],
  ["P", ""],
])("goes on from %s to %s", (code, next) => expect(nextCode(code)).toBe(next));
