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
