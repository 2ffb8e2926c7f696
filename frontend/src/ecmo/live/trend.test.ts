import { expect, it } from "vitest";
import { GAP_MS, gapsOf, heightOf, piecesOf, placeOf } from "./trend";

const S = 1_000;
const at = (...seconds: number[]) => seconds.map((one) => ({ atMs: one * S, value: one }));

it("breaks a line where points are missing", () => {
  expect(piecesOf(at(0, 10, 20, 60, 70), 10 * S).map((piece) => piece.length)).toEqual([3, 2]);
  expect(piecesOf([], S)).toEqual([]);
});

it("finds gaps between what was heard, and up to now", () => {
  const window = { fromMs: 0, untilMs: 3_600 * S };
  const heard = [10 * S, 20 * S, 204 * S, 230 * S, 3_590 * S].flatMap((one) => [one, one]);
  expect(gapsOf(heard, window)).toEqual([
    { fromMs: 20 * S, untilMs: 204 * S },
    { fromMs: 230 * S, untilMs: 3_590 * S },
  ]);
  expect(gapsOf([3_000 * S], window)).toEqual([{ fromMs: 3_000 * S, untilMs: 3_600 * S }]);
});

it("calls neither the time before the first value nor a short silence a gap", () => {
  expect(gapsOf([100 * S, 100 * S + GAP_MS], { fromMs: 0, untilMs: 100 * S + 2 * GAP_MS })).toEqual([]);
  expect(gapsOf([], { fromMs: 0, untilMs: 9e9 })).toEqual([]);
});

it("cuts a gap that began before the window", () => {
  const [gap] = gapsOf([0, 500 * S], { fromMs: 400 * S, untilMs: 520 * S });
  expect(gap).toEqual({ fromMs: 400 * S, untilMs: 500 * S });
  expect(placeOf({ fromMs: 400 * S, untilMs: 600 * S }, 500 * S)).toBe(0.5);
});

it("draws a steady value as a line", () => {
  expect(heightOf([4.2, 4.3], 1)).toEqual({ low: 3.75, high: 4.75 });
  expect(heightOf([1, 9], 1)).toEqual({ low: 1, high: 9 });
  expect(heightOf([], 2)).toEqual({ low: 0, high: 2 });
});
