import { expect, it } from "vitest";
import { barOf, mpaWords, numberOr, tapsOf } from "./typed";

it("reads a number, nothing, or says that it is none", () => {
  expect([numberOr("8", 0, 100), numberOr("0,6", 0, 1), numberOr(" ", 0, 1), numberOr("-6", -60, 80)]).toEqual([
    8,
    0.6,
    null,
    -6,
  ]);
  expect([numberOr("101", 0, 100), numberOr("x", 0, 1), numberOr("1e3", 0, 9_999), numberOr("1.", 0, 9)]).toEqual(
    Array(4).fill("wrong"),
  );
});

it("takes a gauge in MPa and never guesses that bar was meant", () => {
  expect([barOf("14.6"), barOf("0"), barOf("150"), barOf(""), barOf("-1")]).toEqual([146, 0, null, null, null]);
  expect([mpaWords(146), mpaWords(150)]).toEqual(["14.6", "15.0"]);
});

it("offers pressures at and below the last one", () => {
  expect(tapsOf(null)).toEqual([15, 14, 13, 12, 11, 10]);
  expect(tapsOf(121)).toEqual([13, 12, 11, 10, 9, 8]);
  expect(tapsOf(200)).toEqual([15, 14, 13, 12, 11, 10]);
  expect(tapsOf(5)).toEqual([7, 6, 5, 4, 3, 2]);
});
