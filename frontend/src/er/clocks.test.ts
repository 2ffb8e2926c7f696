import { expect, it } from "vitest";
import type { Schemas } from "../client/api";
import { pressing, runOf } from "./clocks";

type Clock = Schemas["ClockOut"];
const NOW = Date.parse("2026-11-27T04:00:00Z");
const clock = (told: Partial<Clock>): Clock => ({
  clock: "door_to_balloon",
  begins: "door",
  stops: "balloon",
  began_at: "2026-11-27T03:00:00Z",
  warn_s: 4_500,
  target_s: 5_400,
  stopped_at: null,
  stopped_by: null,
  ...told,
});

it("runs from its beginning, near its end and over it, and stops with its event", () => {
  expect(runOf(clock({}), NOW, false)).toMatchObject({ ms: 3_600_000, level: "runs" });
  expect(runOf(clock({ began_at: "2026-11-27T02:44:00Z" }), NOW, false).level).toBe("near");
  expect(runOf(clock({ began_at: "2026-11-27T02:00:00Z" }), NOW, false)).toMatchObject({ level: "late", share: 1 });
  expect(runOf(clock({ stopped_at: "2026-11-27T03:30:00Z" }), NOW, false)).toMatchObject({
    ms: 1_800_000,
    level: "met",
  });
  expect(runOf(clock({ stopped_at: "2026-11-27T05:00:00Z" }), NOW, false).level).toBe("missed");
});

it("does not begin while nobody has told when, and presses nobody once the team has ended", () => {
  expect(runOf(clock({ began_at: null }), NOW, false)).toEqual({ ms: null, level: "waits", share: 0 });
  expect(runOf(clock({}), NOW, true).level).toBe("waits");
});

it("finds the clock with the least time left", () => {
  const clocks = [
    clock({ clock: "contact_to_wire", target_s: 7_200 }),
    clock({ clock: "door_to_balloon" }),
    clock({ clock: "contact_to_ecg", target_s: 600, stopped_at: "2026-11-27T03:05:00Z" }),
    clock({ clock: "late_door", began_at: null }),
  ];
  expect(pressing({ clocks } as Schemas["TeamOut"], NOW)?.clock).toBe("door_to_balloon");
});
