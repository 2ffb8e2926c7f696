import { describe, expect, it } from "vitest";
import type { Held } from "./outbox.svelte";
import { bounds, nextOf, passedBy, standings, STEPS, type Known, type Step } from "./steps";

const T = (minute: number): string => `2026-11-22T04:${String(minute).padStart(2, "0")}:00Z`;
const NOTHING: Known = { times: [], taken: [], status: "assigned", held: [], offByMs: 0 };
const held = (
  status: "on_scene" | "at_patient" | "returning_available",
  minute: number,
  refused: string | null = null,
): Held => ({
  id: status,
  order: minute,
  person: "p",
  unit: "u",
  run: "r",
  act: { kind: "status", status, reason: null },
  at: Date.parse(T(minute)),
  refused,
});
const states = (known: Partial<Known>): string =>
  standings({ ...NOTHING, ...known })
    .map(({ state }) => state[0])
    .join("");
const at = (known: Partial<Known>, step: Step): number | null =>
  standings({ ...NOTHING, ...known }).find((one) => one.step === step)?.at ?? null;

describe("a run", () => {
  it("begins with its first step", () => {
    expect(states({})).toBe("naaaaaaa");
    expect(nextOf(standings(NOTHING))).toBe("acknowledged");
  });

  it("goes on after what the service knows, and after what waits here", () => {
    const times = [
      { point: "T4" as const, at: T(1) },
      { point: "T5" as const, at: T(2) },
    ];
    expect(states({ times, status: "en_route" })).toBe("ttnaaaaa");
    expect(states({ times, status: "en_route", held: [held("on_scene", 9), held("at_patient", 11)] })).toBe("tthhnaaa");
  });

  it("shows no step as untold between the answer and the service's own account", () => {
    const taken = [{ run: "r", act: { kind: "time" as const, point: "T10" as const }, at: T(30) }];
    expect(nextOf(standings({ ...NOTHING, status: "at_hospital", taken }))).toBe("available");
    expect(at({ taken }, "handed_over")).toBe(Date.parse(T(30)));
  });

  it("follows a dispatcher who said more than any time tells", () => {
    expect(states({ status: "on_scene" })).toBe("pptnaaaa");
  });

  it("offers a refused step again, unless a later one was told", () => {
    expect(states({ status: "en_route", held: [held("on_scene", 9, "crew.other_vehicle")] })).toBe("ptnaaaaa");
    const later = [held("on_scene", 9, "crew.other_vehicle"), held("at_patient", 10)];
    expect(states({ status: "en_route", held: later })).toBe("pprhnaaa");
  });

  it("tells the time of the phone by the service's clock", () => {
    expect(at({ held: [held("on_scene", 9)], offByMs: 120_000 }, "on_scene")).toBe(Date.parse(T(7)));
  });

  it("ends after the patient where nobody is taken anywhere, and goes on where somebody was", () => {
    expect(states({ status: "at_patient", stays: true })).toBe("ppptaaan");
    expect(states({ status: "transporting", stays: true })).toBe("pppptnaa");
    expect(states({ status: "on_scene", stays: true })).toBe("pptnaaaa");
  });

  it("has no next step once it is over", () => {
    const times = STEPS.map((_, place) => ({ point: `T${place + 4}` as "T4", at: T(place) }));
    expect(nextOf(standings({ ...NOTHING, times, status: "returning_available" }))).toBeNull();
  });
});

it("names what a tap further on passes over", () => {
  const all = standings({ ...NOTHING, status: "on_scene" });
  expect(passedBy(all, "at_hospital")).toEqual(["at_patient", "transporting"]);
  expect(passedBy(all, "at_patient")).toEqual([]);
});

it("leaves a forgotten step the time between its neighbours", () => {
  const times = [
    { point: "T6" as const, at: T(6) },
    { point: "T9" as const, at: T(20) },
  ];
  const all = standings({ ...NOTHING, times, status: "at_hospital" });
  const from = Date.parse(T(0));
  const now = Date.parse(T(30));
  expect(bounds(all, "transporting", from, now)).toEqual({ low: Date.parse(T(6)), high: Date.parse(T(20)) });
  expect(bounds(all, "acknowledged", from, now)).toEqual({ low: from, high: Date.parse(T(6)) });
});
