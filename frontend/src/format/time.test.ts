import { readIn, written } from "./time";
import { describe, expect, it } from "vitest";
import { age, clock, date, elapsed, hourMinute, monthDay, weekday } from "./time";

const AT = Date.parse("2026-11-21T19:12:47Z");

describe("clocks", () => {
  it("tell Beijing and Xinjiang time of one moment", () => {
    expect(clock(AT, "beijing")).toBe("03:12:47");
    expect(clock(AT, "xinjiang")).toBe("01:12:47");
    expect(hourMinute(AT)).toBe("03:12");
  });

  it("tell each zone's own day", () => {
    const late = Date.parse("2026-11-21T17:30:00Z");
    expect([date(late, "beijing"), date(late, "xinjiang")]).toEqual(["2026-11-22", "2026-11-21"]);
    expect([monthDay(late), weekday(late, "beijing"), weekday(late, "xinjiang")]).toEqual(["11-22", 0, 6]);
  });
});

describe("elapsed time", () => {
  it.each([
    [0, "0:00"],
    [84_999, "1:24"],
    [3_599_999, "59:59"],
    [4_360_000, "1:12:40"],
    [-2_833_000, "−47:13"],
    [-400, "0:00"],
  ])("%i ms is %s", (ms, told) => expect(elapsed(ms)).toBe(told));

  it("is an age in seconds first, never negative", () => {
    expect([age(-5), age(3_400), age(61_000)]).toEqual(["0 s", "3 s", "1:01"]);
  });
});

it("reads a date and time as it is written in a zone", () => {
  const at = Date.UTC(2026, 10, 22, 19, 12, 47);
  expect(written(at, "beijing")).toBe("2026-11-23T03:12:47");
  expect(written(at, "xinjiang")).toBe("2026-11-23T01:12:47");
  for (const zone of ["beijing", "xinjiang"] as const) expect(readIn(written(at, zone), zone)).toBe(at);
  expect(readIn("", "beijing")).toBeNull();
});
