import { describe, expect, it } from "vitest";
import { across, clockOf, minutesOf } from "./said";

describe("a time that a caller says", () => {
  it.each([
    ["1:10", 70],
    ["0110", 70],
    ["01：10", 70],
    ["23.59", 1439],
    ["24:00", null],
    ["1:60", null],
    ["一点十分", null],
    ["", null],
  ])("is read from %j", (typed, minutes) => {
    expect(minutesOf(typed)).toBe(minutes);
  });

  it("is two hours later in Beijing than in Xinjiang, round midnight too", () => {
    expect(clockOf(across(70, "xinjiang", "beijing"))).toBe("03:10");
    expect(clockOf(across(23 * 60, "xinjiang", "beijing"))).toBe("01:00");
    expect(clockOf(across(60, "beijing", "xinjiang"))).toBe("23:00");
    expect(across(5, "beijing", "beijing")).toBe(5);
  });
});
