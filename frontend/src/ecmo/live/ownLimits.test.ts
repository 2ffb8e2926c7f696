import { expect, it } from "vitest";
import { endOf, ownOf, settable, settingOf } from "./ownLimits";

const ends = (low: number | null, high: number | null) => ({ low, high });
const limit = (signal: string, low: number | null, high: number | null) => ({
  signal,
  expected: ends(null, null),
  warn: ends(null, high),
  critical: ends(low, null),
  inclusive: false,
});
const told = {
  limits: [
    limit("ecmo_flow", 2, 6),
    limit("ecmo_svo2", 50, 85),
    limit("spo2", 85, null),
    limit("ecmo_bubble", null, null),
  ],
  gives_way: [] as string[],
  set: {
    flow_set: 3.1,
    sweep_set: 4,
    own_limits: ["ecmo_svo2"],
    unplugged_until: null,
    on_circuit: true,
    needed_until: null,
    battery_reserve_min: 30,
    set_at: "2026-11-27T12:00:00Z",
    set_by_name: "示例某",
  },
};

it("changes one signal and takes along what was set before", () => {
  const changed = { ...ownOf(told, "ecmo_flow"), critical_low: 1.8 };
  expect(settingOf(told, changed)).toEqual({
    flow_set: 3.1,
    sweep_set: 4,
    limits: [ownOf(told, "ecmo_svo2"), { ...ownOf(told, "ecmo_flow"), critical_low: 1.8 }],
  });
  expect(settingOf(told, { ...ownOf(told, "ecmo_svo2"), warn_high: 90 }).limits).toHaveLength(1);
  expect(settingOf({ ...told, set: null }, changed)).toMatchObject({ flow_set: null, limits: [changed] });
});

it("offers the circuit's signals, and reads numbers as they are written", () => {
  expect(settable(told)).toEqual(["ecmo_flow", "ecmo_svo2"]);
  expect(settable({ ...told, gives_way: ["spo2"] })).toEqual(["ecmo_flow", "ecmo_svo2", "spo2"]);
  expect([endOf(" "), endOf("−80"), endOf("1.8"), endOf("1,8")]).toEqual([null, -80, 1.8, undefined]);
});
