import { describe, expect, it } from "vitest";
import { Arrivals, comingAt } from "./arrivals.svelte";
import type { Arrival } from "./rows";

const NOON = Date.parse("2026-11-22T04:00:00Z");
const later = (seconds: number): string => new Date(NOON + seconds * 1_000).toISOString();

function arrival(more: Partial<Arrival> = {}): Arrival {
  return {
    assignment_id: "a", unit_id: "u", goal: "scene", eta_s: 240, low_s: 200, high_s: 300, at: later(240),
    source: "road", distance_m: 3_000, age_s: 2, stale: false, computed_at: later(0), ...more,
  }; // prettier-ignore
}

describe("arrivals", () => {
  it("are counted down from when they were reckoned, never below nothing", () => {
    expect(comingAt(arrival(), NOON + 60_000)).toMatchObject({ lowS: 140, highS: 240, at: NOON + 240_000 });
    expect(comingAt(arrival(), NOON + 600_000)).toMatchObject({ lowS: 0, highS: 0, at: NOON + 600_000 });
  });

  it("say that they may be quite others where no road or no fresh position is known", () => {
    expect(comingAt(arrival(), NOON).unsure).toBe(false);
    expect(comingAt(arrival({ source: "estimate" }), NOON).unsure).toBe(true);
    expect(comingAt(arrival({ stale: true }), NOON).unsure).toBe(true);
  });

  it("go when nobody can say them any more, with their assignment, and before a new board", () => {
    const arrivals = new Arrivals();
    const known = (): string[] => [...arrivals.byId.keys()];
    arrivals.take(["a", "b", "c"].map((id) => ({ id, arrival: arrival() })));
    arrivals.take([{ id: "a", arrival: null }]);
    expect(known()).toEqual(["b", "c"]);
    expect(arrivals.get("a", NOON)).toBeUndefined();
    expect(arrivals.get(undefined, NOON)).toBeUndefined();
    arrivals.drop(["c", "x"]);
    expect(known()).toEqual(["b"]);
    arrivals.forget();
    expect(known()).toEqual([]);
  });
});
