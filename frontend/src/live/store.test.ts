import { afterEach, expect, it, vi } from "vitest";
import { LiveStore, type KeptLive } from "./store.svelte";

const NOON = Date.parse("2026-11-22T04:00:00Z");
const KEPT = {
  place: { seq: 7, mark: "m7" },
  trueUntil: NOON - 47_000,
  offByMs: 0,
  boards: {
    calls: [],
    incidents: [{ id: "i1", active: true }],
    units: [{ id: "u1" }],
    assignments: [{ id: "a1", state: "active" }],
  },
  positions: [],
} as unknown as KeptLive;
const store = new LiveStore();

afterEach(() => {
  store.forget();
  store.clock.stop();
  vi.useRealTimers();
});

it("what was kept stands on the boards, is said to be lost, and grows old", () => {
  vi.useFakeTimers({ now: NOON });
  expect(store.kept()).toBeNull();
  store.restore(KEPT);
  expect(store.incidents.all.map(({ id }) => id)).toEqual(["i1"]);
  expect([store.units.known, store.calls.known]).toEqual([true, true]);
  expect([store.lost, store.current, store.trueUntil]).toEqual([true, false, NOON - 47_000]);
  expect(store.clock.second).toBe(NOON);
  store.forget();
  expect([store.lost, store.incidents.known, store.trueUntil]).toEqual([false, false, null]);
});
