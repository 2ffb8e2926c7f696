import { describe, expect, it } from "vitest";
import { ageMatters } from "./standing";

describe("the age of a position", () => {
  it("matters at once while a unit moves, and while it stands only once it should have told again", () => {
    expect(ageMatters("en_route", 1_000)).toBe(true);
    expect(ageMatters("at_station", 599_000)).toBe(false);
    expect(ageMatters("at_station", 601_000)).toBe(true);
  });
});
