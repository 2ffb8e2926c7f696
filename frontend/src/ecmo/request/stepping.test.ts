import { describe, expect, it } from "vitest";
import { stepped } from "./stepping";

describe("arrows in a row", () => {
  it("go on and back, and around at both ends", () =>
    expect([
      stepped("ArrowRight", 2, 3, false),
      stepped("ArrowLeft", 0, 3, false),
      stepped("ArrowDown", 0, 3, false),
      stepped("ArrowUp", 1, 3, false),
    ]).toEqual([0, 2, 1, 0]));

  it("go the way of the writing", () =>
    expect([stepped("ArrowLeft", 0, 3, true), stepped("ArrowRight", 0, 3, true)]).toEqual([1, 2]));

  it("leave all other keys alone", () =>
    expect([stepped("Tab", 0, 3, false), stepped("a", 0, 3, false), stepped("Home", 2, 3, false)]).toEqual([
      null,
      null,
      0,
    ]));

  it("go nowhere where nothing is", () => expect(stepped("End", 0, 0, false)).toBeNull());
});
