import { expect, it } from "vitest";
import { barOf, fitting, hoursOf, latenessOf, longWords, placeOn, spanOf } from "./axis";

const AT = Date.parse("2026-11-22T11:34:00Z");
const H = 3_600;

it("reaches from now to behind the slowest plan", () => {
  const span = spanOf(AT, [4 * H, 10 * H]);
  expect(span.fromMs).toBe(AT);
  expect(placeOn(span, AT + 10 * H * 1_000)).toBeCloseTo(100 / 1.08);
  expect(placeOn(span, AT - 1)).toBe(0);
  expect(placeOn(span, AT + 99 * H * 1_000)).toBe(100);
});

it("begins before the comparison if the clock stood there", () => {
  expect(spanOf(AT, [H], AT - 60_000).fromMs).toBe(AT - 60_000);
  expect(spanOf(AT, [H], AT + 60_000).fromMs).toBe(AT);
});

it("draws a bar to its likely end and a whisker of its own lateness", () => {
  const span = { fromMs: AT, untilMs: AT + 10 * H * 1_000 };
  const bar = barOf(span, AT, { likely: H, slow: 1.5 * H }, { likely: 3 * H, slow: 4 * H });
  expect(bar.from).toBeCloseTo(10);
  expect(bar.width).toBeCloseTo(20);
  expect(bar.whisker).toBeCloseTo(5);
  expect(barOf(span, AT, { likely: 0, slow: 0 }, { likely: H, slow: H }).whisker).toBe(0);
});

it("names whole hours, fewer on a long axis", () => {
  const short = hoursOf({ fromMs: AT, untilMs: AT + 6 * H * 1_000 });
  expect(short.map((one) => new Date(one).toISOString().slice(11, 16))).toEqual([
    "12:00",
    "13:00",
    "14:00",
    "15:00",
    "16:00",
    "17:00",
  ]);
  expect(hoursOf({ fromMs: AT, untilMs: AT + 40 * H * 1_000 }).length).toBeLessThanOrEqual(10);
});

it("never promises more than the range holds", () => {
  expect([longWords(4 * H + 38 * 60 + 59, 5 * H + 2 * 60 + 1), longWords(H, H)]).toEqual(["4:38–5:03", "1:00"]);
});

it("tells as much in a bar as it has room for", () => {
  const choices = ["飞去 220 km · 1:05", "飞去 1:05", "1:05"];
  expect([200, 60, 30, 10].map((px) => fitting(px, choices))).toEqual([...choices, ""]);
});

it("tells late from early by whole minutes", () => {
  expect(latenessOf(59)).toEqual({ sign: "on_time", seconds: 0 });
  expect(latenessOf(191)).toEqual({ sign: "late", seconds: 180 });
  expect(latenessOf(-61)).toEqual({ sign: "early", seconds: 60 });
});
