import { expect, it } from "vitest";
import { longer, matters } from "./coverWords";

const station = (before_s: number | null, after_s: number | null, thin = false) => ({ before_s, after_s, thin });

it("tells minutes before and after, never sooner than help comes", () => {
  expect(longer(station(90, 402.5))).toBe("2→7");
  expect(longer(station(90, null))).toBe("2→—");
  expect([longer(station(90, 90)), longer(station(61, 119)), longer(station(null, null))]).toEqual(["", "", ""]);
});

it("weighs a station's last unit even where another is as near", () => {
  expect([matters(station(90, 90)), matters(station(90, 90, true)), matters(station(90, 402))]).toEqual([
    false,
    true,
    true,
  ]);
});
