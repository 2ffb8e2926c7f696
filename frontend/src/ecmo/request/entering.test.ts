import { describe, expect, it } from "vitest";
import {
  longAgo,
  measuredWords,
  numberWords,
  readNumber,
  readTime,
  timeWords,
  typedTime,
  unitWords,
  type Item,
} from "./entering";

const NOW = Date.parse("2026-11-22T11:12:00Z"); // 19:12 in Beijing
const item = (more: Partial<Item>): Item => ({
  name: "x",
  kind: "number",
  unit: "mmHg",
  low: 5,
  high: 250,
  whole: false,
  words: [],
  ...more,
});

describe("numbers", () => {
  it.each([
    ["78", 78],
    [" 7.19 ", 7.19],
    ["７８", 78],
    ["7，1", null],
    ["7,5", 7.5],
    ["4", null],
    ["251", null],
    ["", null],
    ["78 mmHg", null],
  ])("%j is %j", (typed, value) => expect(readNumber(item({}), typed)).toBe(value));

  it("take a share of oxygen for per cent", () => {
    const fio2 = item({ name: "fio2", unit: "%", low: 21, high: 100 });
    expect(["1.0", "0.6", "60", "0.2", "5"].map((typed) => readNumber(fio2, typed))).toEqual([100, 60, 60, null, null]);
  });

  it("are whole where only whole ones are asked", () =>
    expect(readNumber(item({ whole: true, low: 0, high: 4 }), "2.5")).toBeNull());

  it("are told as they were entered", () =>
    expect([numberWords(7.19), numberWords(29), numberWords(-72)]).toEqual(["7.19", "29", "−72"]));

  it("are written with the decimals of their signal when they were measured", () =>
    expect([measuredWords(4, 1), measuredWords(-65, 0), measuredWords(-0.04, 1), measuredWords(3200.4, 0)]).toEqual([
      "4.0",
      "−65",
      "0.0",
      "3200",
    ]));
});

describe("times", () => {
  it.each([
    ["18:58", "2026-11-22T10:58:00.000Z"],
    ["1858", "2026-11-22T10:58:00.000Z"],
    ["19:13", "2026-11-21T11:13:00.000Z"],
    ["31h", "2026-11-21T04:12:00.000Z"],
    ["45 m", "2026-11-22T10:27:00.000Z"],
    ["2天", "2026-11-20T11:12:00.000Z"],
    ["11-21 08:00", "2026-11-21T00:00:00.000Z"],
    ["2026-11-21 08:00", "2026-11-21T00:00:00.000Z"],
    ["11-23 08:00", null],
    ["25:00", null],
    ["soon", null],
  ])("%j is %j", (typed, iso) => expect(readTime(typed, NOW)).toBe(iso));

  it("are shown so that they can be typed again", () => {
    for (const typed of ["18:58", "2026-11-21 08:00"]) expect(typedTime(readTime(typed, NOW) ?? "", NOW)).toBe(typed);
  });

  it("name their day where it is another", () => {
    expect(timeWords(NOW - 3_600_000, NOW)).toBe("18:12");
    expect(timeWords(NOW - 24 * 3_600_000, NOW)).toBe("11-21 19:12");
  });

  it("are told as so long ago", () =>
    expect([25, 245, 31 * 60].map((minutes) => longAgo(minutes * 60_000))).toEqual(["25 min", "4 h 05", "31 h"]));
});

it("writes units as people read them", () =>
  expect(["Cel", "1", "mmHg", "10*9/L"].map(unitWords)).toEqual(["℃", "", "mmHg", "×10⁹/L"]));
