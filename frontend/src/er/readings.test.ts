import { expect, it } from "vitest";
import { pieces, type Point, readingOf, SHOWN, streamedAt, type Value } from "./readings";

const AT = Date.parse("2026-11-27T03:12:00Z");
const value = (signal: string, number: number | null, more: Partial<Value> = {}): [string, Value] => [
  signal,
  {
    signal,
    at: "2026-11-27T03:12:00Z",
    received_at: "2026-11-27T03:12:00Z",
    sure: true,
    value: number,
    unit: "/min",
    decimals: 0,
    judged: "ok",
    by_hand: false,
    ...more,
  },
];
const shown = (kind: string): (typeof SHOWN)[number] => SHOWN.find((one) => one.kind === kind)!;

it("a pressure is both its values, as old as the older and as doubtful as the worse", () => {
  const values = new Map([
    value("nibp_systolic", 102, { at: "2026-11-27T03:13:00Z" }),
    value("nibp_diastolic", 64, { judged: "hard", by_hand: true }),
  ]);
  expect(readingOf(values, shown("nibp"))).toEqual({ text: "102/64", atMs: AT, judged: "hard", byHand: true });
  expect(readingOf(values, shown("hr"))).toBeNull();
});

it("the pulse stands in for a heart rate that is not there, and what was not measurable is no number", () => {
  expect(readingOf(new Map([value("pulse_rate", 88)]), shown("hr"))?.text).toBe("88");
  expect(readingOf(new Map([value("spo2", null)]), shown("spo2"))?.text).toBe("");
});

it("how old a stream is, a cuff pressure does not say", () => {
  const cuff = value("nibp_systolic", 102, { at: "2026-11-27T03:20:00Z" })[1];
  expect(streamedAt([cuff])).toBeNull();
  expect(streamedAt([cuff, value("heart_rate", 90)[1]])).toBe(AT);
});

it("a trend breaks where nothing was measured", () => {
  const at = (seconds: number, byHand = false): Point => ({ atMs: AT + seconds * 1_000, value: seconds, byHand });
  // What was typed in between stands by itself.
  expect(pieces([at(0), at(7, true), at(15), at(61), at(75)]).map((piece) => piece.map((one) => one.value))).toEqual([
    [0, 15],
    [61, 75],
  ]);
});
