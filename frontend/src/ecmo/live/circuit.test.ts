import { expect, it } from "vitest";
import { dropOf, faultsOf, shownOf, STEP_MS } from "./circuit";

const NOW = Date.parse("2026-11-22T18:52:00Z");
const at = (seconds: number): string => new Date(NOW - seconds * 1_000).toISOString();
const ends = (low: number | null, high: number | null) => ({ low, high });

function told(values: Record<string, [number | null, number]>, trends: Record<string, [number, number][]> = {}) {
  return {
    at: at(0),
    patient_id: "p",
    limits: [
      {
        signal: "ecmo_drop",
        expected: ends(10, 40),
        warn: ends(null, 50),
        critical: ends(null, 80),
        inclusive: true,
      },
    ],
    gives_way: [],
    limits_version: "1",
    limits_source: "",
    needs_sign_off: true,
    mission_id: null,
    alarms: [],
    adverse: [],
    set: null,
    measured: {
      attached: true,
      since: null,
      last_at: null,
      events: [],
      values: Object.entries(values).map(([signal, [value, age]]) => ({
        signal,
        value,
        unit: "mm[Hg]",
        decimals: 0,
        at: at(age),
        received_at: at(age),
        sure: true,
        judged: "ok",
        by_hand: false,
      })),
      trends: Object.entries(trends).map(([signal, points]) => ({
        signal,
        at: points.map(([age]) => at(age)),
        values: points.map(([, value]) => value),
        by_hand: points.map(() => false),
      })),
    },
  } as unknown as Parameters<typeof shownOf>[0];
}

it("reckons the drop over the membrane, and judges it", () => {
  const { circuit } = shownOf(told({ ecmo_pre_membrane: [238, 2], ecmo_post_membrane: [186, 3] }), NOW);
  const drop = circuit.find(({ name }) => name === "ecmo_drop");
  expect([drop?.value, drop?.level, drop?.atMs]).toEqual([52, "warn", NOW - 3_000]);
});

it("judges no stale value, and says that it is stale", () => {
  const { circuit } = shownOf(told({ ecmo_pre_membrane: [400, 2], ecmo_post_membrane: [186, 61] }), NOW);
  const row = (name: string) => circuit.find((one) => one.name === name);
  expect([row("ecmo_post_membrane")?.stale, row("ecmo_drop")?.stale, row("ecmo_drop")?.level]).toEqual([
    true,
    true,
    null,
  ]);
  expect(row("ecmo_flow")?.atMs).toBeNull();
});

it("tells a sensor's fault from a patient's", () => {
  expect([
    ...faultsOf(
      new Map([
        ["ecmo_pre_membrane", 100],
        ["ecmo_post_membrane", 120],
      ]),
    ),
  ]).toContain("ecmo_drop");
  expect([
    ...faultsOf(
      new Map([
        ["ecmo_flow", 4],
        ["ecmo_speed", 0],
      ]),
    ),
  ]).toEqual(["ecmo_flow", "ecmo_speed"]);
  expect(
    faultsOf(
      new Map([
        ["ecmo_flow", 0],
        ["ecmo_speed", 0],
      ]),
    ).size,
  ).toBe(0);
});

it("draws the drop only where both pressures were measured, and finds gaps of all signals together", () => {
  const pre = [0, 1, 2].map((step) => ({ atMs: step * STEP_MS, value: 200 + step }));
  expect(dropOf(pre, [{ atMs: STEP_MS + 1, value: 150 }])).toEqual([{ atMs: STEP_MS, value: 51 }]);
  const points: [number, number][] = [...Array(20).keys()].map((step) => [3_000 - step * 15, 4]);
  const { gaps } = shownOf(told({ ecmo_flow: [4, 2] }, { ecmo_flow: points }), NOW);
  expect(gaps).toEqual([{ fromMs: NOW - 2_715_000, untilMs: NOW - 2_000 }]);
});

it("tells how long the console says that its battery lasts, and nothing of a time that is stale", () => {
  expect(shownOf(told({ ecmo_battery_runtime: [85, 2] }), NOW).batteryLeft).toBe(85);
  expect(shownOf(told({ ecmo_battery_runtime: [85, 61] }), NOW).batteryLeft).toBeNull();
  expect(shownOf(told({}), NOW).batteryLeft).toBeNull();
});

it("has a row of its own for the right hand where it is asked for, never filled from the other saturation", () => {
  const rows = (one: ReturnType<typeof told>) => shownOf(one, NOW).patient.map(({ name, value }) => [name, value]);
  expect(rows(told({ spo2: [97, 2] })).map(([name]) => name)).toEqual([
    "heart_rate",
    "art_mean",
    "spo2",
    "etco2_pressure",
  ]);
  const va = told({ spo2: [97, 2] });
  va.limits.push({
    signal: "spo2_right_hand",
    expected: ends(94, 100),
    warn: ends(90, null),
    critical: ends(85, null),
    inclusive: false,
  });
  expect(rows(va)).toContainEqual(["spo2_right_hand", null]);
  const measured = shownOf(told({ spo2_right_hand: [82, 2] }), NOW).patient;
  expect(measured.find(({ name }) => name === "spo2_right_hand")?.value).toBe(82);
});
