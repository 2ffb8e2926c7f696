import { describe, expect, test } from "vitest";
import { badness, bound, headline, onBar, seconds, share, steps, whole, type Figure, type Kpi } from "./telling";

const FIGURE: Figure = {
  kpi: "departure",
  version: 1,
  stratum: "all",
  key: "",
  eligible: 212,
  counted: 208,
  n: 205,
  impossible: 1,
  completeness: 0.981,
  mean_s: 121.4,
  p50_s: 112,
  mean_low_s: 119.2,
  mean_high_s: 123.6,
  p50_low_s: 108,
  p50_high_s: 117,
  p90_s: 176,
  p90_low_s: 168,
  p90_high_s: 190,
  within_s: 180,
  hits: 192,
  share: 0.923,
  share_low: 0.879,
  share_high: 0.952,
  small: false,
  suppressed: false,
  incomplete: false,
  ranked: true,
};
const KPI: Kpi = {
  id: "departure",
  version: 1,
  begins: "2026-11-21T16:00:00Z",
  until: "2026-11-22T16:00:00Z",
  split: false,
  figures: [FIGURE],
  targets: [],
};

describe("numbers", () => {
  test("a share is cut, so that 94.99 % has not reached 95 %", () => {
    expect(share(0.94999)).toBe("94.9 %");
    expect(share(0.95)).toBe("95.0 %");
    expect(share(1)).toBe("100.0 %");
    expect(share(0.29)).toBe("29.0 %");
    expect(share(null)).toBe("—");
  });

  test("a bound has no decimals that say nothing", () => {
    expect([bound("share", 0.95), bound("share", 0.995), bound("mean", 150)]).toEqual(["95 %", "99.5 %", "2:30"]);
  });

  test("seconds are minutes and seconds", () => {
    expect(seconds(588)).toBe("9:48");
    expect(seconds(3_725.4)).toBe("1:02:05");
    expect(seconds(0)).toBe("0:00");
    expect(seconds(undefined)).toBe("—");
  });
});

describe("what stands first", () => {
  test("is what the targets ask for", () => {
    const target = { stat: "mean", at_least: null, at_most: 150, within_s: null, where: {}, value: 121.4, met: true };
    const found = headline({ ...KPI, targets: [target as Kpi["targets"][number]] }, "interval");
    expect(found).toMatchObject({ stat: "mean", value: 121.4, target: { bound: 150, atLeast: false, met: true } });
  });

  test("says of which stratum it is, where they ask something of that one only", () => {
    const rural = { ...FIGURE, stratum: "ground", key: "rural", mean_s: 1_000, within_s: null };
    const target = { stat: "mean", at_least: null, at_most: 900, within_s: null, where: { ground: "rural" } };
    const targets = [{ ...target, value: 1_000, met: false }] as unknown as Kpi["targets"];
    const kpi = { ...KPI, figures: [FIGURE, rural], targets };
    const told = { value: 1_000, where: [["ground", "rural"]], figure: rural, target: { bound: 900, met: false } };
    expect(headline(kpi, "interval", ["ground", "rural"])).toMatchObject(told);
    // The card of all grounds does not take it for its own.
    expect(headline(kpi, "interval")).toMatchObject({ stat: "share", value: 0.923, target: null, where: [] });
    const first = [{ ...target, where: { priority: "P1" }, value: 1_000, met: false }] as unknown as Kpi["targets"];
    expect(headline({ ...kpi, targets: first }, "interval").where).toEqual([["priority", "P1"]]);
    expect(headline({ ...kpi, targets: [] }, "interval", ["ground", "rural"])).toMatchObject({
      value: 1_000,
      target: null,
    });
  });

  test("is a stratum's own median where they ask for nothing of it", () => {
    const first = { ...FIGURE, stratum: "priority", key: "P1", p50_s: 400, within_s: null };
    const told = headline({ ...KPI, figures: [FIGURE, first] }, "interval", ["priority", "P1"]);
    expect(told).toMatchObject({ stat: "p50", value: 400, where: [["priority", "P1"]], figure: first });
  });

  test("is the median, or a share, where they ask for nothing", () => {
    const free = { ...KPI, figures: [{ ...FIGURE, within_s: null }] };
    expect(headline(free, "interval")).toMatchObject({ stat: "p50", value: 112, target: null });
    expect(headline(KPI, "interval")).toMatchObject({ stat: "share", value: 0.923, target: null });
    expect(headline(KPI, "share")).toMatchObject({ stat: "share", value: 0.923, target: null });
  });

  test("is nothing where too few rows are behind it", () => {
    const hidden = { ...KPI, figures: [{ ...FIGURE, suppressed: true }] };
    expect(headline(hidden, "interval").value).toBeNull();
    expect(whole({ ...KPI, figures: [] })).toBeUndefined();
    expect(headline({ ...KPI, figures: [] }, "share").value).toBeNull();
  });
});

test("what is bad is what is slow, or seldom in time, or often where it should not be", () => {
  expect([1, 2, 3].map((one) => badness([1, 2, 3], one, "response", "p50"))).toEqual([0, 0.5, 1]);
  expect(badness([0.5, 0.9], 0.5, "departure", "share")).toBe(1);
  expect(badness([0.5, 0.9], 0.5, "no_unit", "share")).toBe(0);
  expect(badness([0, 0, 0], 0, "departure", "share")).toBe(0);
});

test("a bar holds its value and its bound", () => {
  expect(onBar("share", 0.94, 0.95)).toEqual({ value: 0.94, bound: 0.95 });
  const { value, bound } = onBar("mean", 300, 150);
  expect(value).toBeCloseTo(1 / 1.33);
  expect(bound).toBeCloseTo(0.5 / 1.33);
  expect(onBar("p50", null, null)).toEqual({ value: 0, bound: null });
});

test.each([0, 0.4, 1, 7, 35, 61, 480, 1_234])("the axis to %d has a few round steps and reaches it", (most) => {
  const made = steps(most);
  expect(made[0]).toBe(0);
  expect(made.at(-1)).toBeGreaterThanOrEqual(most - 1e-9);
  expect(made.length).toBeLessThanOrEqual(7);
});
