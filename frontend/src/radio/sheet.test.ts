import { expect, it } from "vitest";
import { blankNumber, sheetOf, type Known } from "./sheet";

const AT = Date.parse("2026-11-21T19:12:00Z");
const names = (zh: string) => ({ zh, en: "", ug: "" });
const unit = (call_sign: string, station: string, incident_number?: string) => ({
  call_sign,
  system: "civil",
  station: { id: station, code: station, names: names(station) },
  capabilities: "B",
  status: incident_number ? "en_route" : "at_station",
  reason: null,
  since: "2026-11-21T19:00:00Z",
  assignment: incident_number ? { incident_number } : null,
});
const incident = (id: string, priority: string, t0: string, words = "", lat: number | null = null) => ({
  id,
  number: `2026-${id}`,
  priority,
  provisional: id === "000002",
  complaint: "K03",
  people: id === "000001" ? 3 : null,
  words,
  lat,
  lon: lat,
  direction: "",
  t0,
});
const place = { name_zh: "甲", name_en: "", name_ug: "", system: "corps" };
const known = {
  units: [unit("阿-10", "乙站"), unit("阿-2", "乙站", "2026-000001"), unit("师-7", "甲站")],
  incidents: [
    incident("000002", "P2", "2026-11-21T18:00:00Z", "", 40.5),
    incident("000001", "P1", "2026-11-21T19:00:00Z", "塔南路"),
    incident("000003", "P2", "2026-11-21T17:00:00Z"),
  ],
  assignments: [{ incident_id: "000001", call_sign: "阿-2" }],
  calls: [
    { incident_id: "000001", phone: "138****1234" },
    { incident_id: "000001", phone: "" },
  ],
  stations: [{ ...place, phone: "0997-120", address: "南街" }],
  hospitals: [{ ...place, level: "三级", capabilities: ["pci"] }],
} as unknown as Known;

it("tells what the boards tell: units by station, incidents by priority and age, numbers masked", () => {
  const sheet = sheetOf(known, "p1", "AB", AT);
  expect(sheet.units.map((one) => [one.callSign, one.incident])).toEqual([
    ["师-7", ""],
    ["阿-2", "2026-000001"],
    ["阿-10", ""],
  ]);
  expect(sheet.incidents.map((one) => one.number)).toEqual(["2026-000001", "2026-000003", "2026-000002"]);
  expect(sheet.incidents[0]).toMatchObject({ people: 3, place: "塔南路", units: ["阿-2"], phones: ["138****1234"] });
  expect(sheet.incidents.map((one) => one.unsure)).toEqual([false, false, true]);
  expect(sheet.incidents[2]?.place).toBe("40.50000, 40.50000");
  expect(sheet.stations).toEqual([{ names: names("甲"), system: "corps", phone: "0997-120", words: "南街" }]);
  expect(sheet.hospitals).toEqual([{ names: names("甲"), system: "corps", phone: "", words: "三级 pci" }]);
  // It is kept as text.
  expect(JSON.parse(JSON.stringify(sheet))).toEqual(sheet);
});

it("numbers its blanks by its moment, its seat and their place", () => {
  expect(blankNumber({ at: AT, seat: "AB" }, 3)).toBe("1122-0312-AB-3");
});
