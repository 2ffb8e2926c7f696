import { describe, expect, it } from "vitest";
import { idFault, idPlain, idTold } from "./idNumber";

const NOW = Date.parse("2026-11-27T04:00:00Z");
/** Of an invented person: the example of the standard itself. */
const GOOD = "11010519491231002X";

describe("an identity number", () => {
  it.each([
    [GOOD, null],
    ["110105 19491231 002x", null],
    ["440524188001010014", "birth"],
    ["110105194912310021", "check"],
    ["11010519491231002", "length"],
    ["110105194913310023", "birth"],
    ["11010520490101002X", "birth"],
    ["X10105194912310021", "characters"],
    ["", "length"],
  ])("%s has the fault %s", (typed, fault) => expect(idFault(typed, NOW)).toBe(fault));

  it("with any one digit mistyped is found out", () => {
    for (let place = 0; place < 17; place += 1) {
      for (let digit = 0; digit < 10; digit += 1) {
        const typed = `${GOOD.slice(0, place)}${digit}${GOOD.slice(place + 1)}`;
        if (typed !== GOOD) expect(idFault(typed, NOW), typed).not.toBeNull();
      }
    }
  });

  it("with two neighbours exchanged is found out", () => {
    for (let place = 0; place < 16; place += 1) {
      const [a, b] = [GOOD[place], GOOD[place + 1]];
      const typed = `${GOOD.slice(0, place)}${b}${a}${GOOD.slice(place + 2)}`;
      if (a !== b) expect(idFault(typed, NOW), typed).not.toBeNull();
    }
  });

  it("tells sex and age, and the birthday by the day in Beijing", () => {
    expect(idTold(GOOD, NOW)).toEqual({ sex: "female", ageYears: 76 });
    expect(idTold(GOOD, Date.parse("2026-12-30T15:59:59Z")).ageYears).toBe(76);
    expect(idTold(GOOD, Date.parse("2026-12-30T16:00:00Z")).ageYears).toBe(77);
  });

  it("is sent plain", () => expect(idPlain("110105 1949-1231 002x")).toBe(GOOD));
});
