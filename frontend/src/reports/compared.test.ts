import { describe, expect, test } from "vitest";
import { USUAL, type Asked } from "./asked";
import { changeOf, linesOf, pairOf } from "./compared";
import type { Figure, Kpi } from "./telling";

/** 2026-11-22 00:30 in Beijing. */
const NOW = Date.UTC(2026, 10, 21, 16, 30);
const FIGURE: Figure = {
  kpi: "departure",
  version: 1,
  stratum: "all",
  key: "",
  eligible: 100,
  counted: 100,
  n: 100,
  impossible: 0,
  completeness: 1,
  mean_s: 120,
  p50_s: 112,
  mean_low_s: 119.2,
  mean_high_s: 123.6,
  p50_low_s: 108,
  p50_high_s: 117,
  p90_s: 176,
  p90_low_s: 168,
  p90_high_s: 190,
  within_s: 180,
  hits: 80,
  share: 0.8,
  share_low: 0.711,
  share_high: 0.867,
  small: false,
  suppressed: false,
  incomplete: false,
  ranked: true,
};
const TIMES = { ...FIGURE, within_s: null, hits: null, share: null, share_low: null, share_high: null };

function kpi(...figures: Figure[]): Kpi {
  const period = { begins: "2026-11-21T16:00:00Z", until: "2026-11-22T16:00:00Z" };
  return { id: "departure", version: 1, ...period, split: false, figures, targets: [] };
}

describe("which periods", () => {
  const of = (asked: Partial<Asked>) => pairOf({ ...USUAL, ...asked }, NOW);

  test("the one before is as long and ends where this one begins", () => {
    expect(of({ period: "days7" })).toEqual({
      span: { begins: "2026-11-15T16:00:00.000Z", until: "2026-11-22T16:00:00.000Z" },
      before: { begins: "2026-11-08T16:00:00.000Z", until: "2026-11-15T16:00:00.000Z" },
    });
  });

  test("a day parts the period in two, and must lie in it", () => {
    expect(of({ period: "days7", against: "day", day: "2026-11-20" })).toMatchObject({
      at: "2026-11-19T16:00:00.000Z",
    });
    expect(of({ period: "days7", against: "day", day: "2026-10-20" })).toBeNull();
    expect(of({ period: "days7", against: "day" })).toBeNull();
  });

  test("own days are whole days", () => {
    expect(of({ against: "own", otherFirst: "2026-10-01", otherLast: "2026-10-01" })).toMatchObject({
      before: { begins: "2026-09-30T16:00:00.000Z", until: "2026-10-01T16:00:00.000Z" },
    });
    expect(of({ against: "own", otherFirst: "2026-10-02", otherLast: "2026-10-01" })).toBeNull();
  });
});

describe("a difference", () => {
  test("of shares has Newcombe's interval", () => {
    // Newcombe 1998, example (a): 56 of 70 and 48 of 80, 0.2 with 0.0524 to 0.3339.
    const before = { ...FIGURE, share: 0.6, share_low: 0.4905, share_high: 0.7004 };
    const after = { ...FIGURE, share: 0.8, share_low: 0.6918, share_high: 0.8773 };
    const found = changeOf(before, after);
    expect(found?.value).toBeCloseTo(0.2, 9);
    expect(found?.low).toBeCloseTo(0.0524, 3);
    expect(found?.high).toBeCloseTo(0.3339, 3);
    expect(found?.clear).toBe(true);
  });

  test("of equal shares is not certain", () => {
    expect(changeOf(FIGURE, FIGURE)).toMatchObject({ value: 0, clear: false });
  });

  test("of medians is clear where their intervals lie apart", () => {
    expect(changeOf(TIMES, { ...TIMES, p50_s: 90, p50_low_s: 85, p50_high_s: 96 })).toMatchObject({
      value: -22,
      clear: true,
    });
    expect(changeOf(TIMES, { ...TIMES, p50_s: 110, p50_low_s: 100, p50_high_s: 115 })?.clear).toBe(false);
    expect(changeOf(TIMES, { ...TIMES, p50_s: 90, p50_low_s: null, p50_high_s: null })?.clear).toBe(false);
  });

  test("is not told of too few on a side", () => {
    expect(changeOf(FIGURE, { ...FIGURE, suppressed: true })).toBeNull();
    expect(changeOf(null, FIGURE)).toBeNull();
  });
});

test("what there was in one period only stands in the list too", () => {
  const rural = { ...FIGURE, stratum: "ground", key: "rural" };
  const lines = linesOf([kpi(FIGURE, rural)], [kpi(FIGURE)]);
  expect(lines.map((one) => [one.stratum, one.key, one.before !== null, one.after !== null])).toEqual([
    ["all", "", true, true],
    ["ground", "rural", true, false],
  ]);
});
