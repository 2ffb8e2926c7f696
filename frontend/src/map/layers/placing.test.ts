import { describe, expect, it } from "vitest";
import { Taken } from "../labels";
import type { IncidentMark, UnitMark } from "../marks";
import { projector, type View } from "../project";
import type { Brush } from "./brush";
import { placeBeyond } from "./edges";
import { HOME_ZOOM, placeUnits } from "./units";

const HERE = { lat: 41.17, lon: 80.26 };

function brush(zoom: number): Brush {
  const view: View = { ...HERE, zoom, width: 800, height: 500 };
  // Placing draws nothing.
  const nothing = { canvas: null as never, palette: null as never, sprites: null as never, ratio: 1 };
  return { ...nothing, view, put: projector(view), labels: new Taken() };
}

function unit(id: string, change: Partial<UnitMark> = {}): UnitMark {
  return {
    id,
    callSign: id,
    system: "civil",
    sign: "available",
    tone: "free",
    level: "plain",
    ...HERE,
    headingDeg: null,
    age: "",
    stale: false,
    stationId: "s",
    home: false,
    selected: false,
    marked: false,
    ...change,
  };
}

function incident(id: string, change: Partial<IncidentMark> = {}): IncidentMark {
  return { id, label: id, priority: "P2", level: "plain", ...HERE, selected: false, waits: true, ...change };
}

describe("units at their station", () => {
  const home = [unit("a", { home: true }), unit("b", { home: true }), unit("c", { home: true })];
  it("are only counted from far away", () => {
    expect(placeUnits(brush(10), home)).toEqual([]);
  });
  it("stand beside one another from near", () => {
    const spots = placeUnits(brush(HOME_ZOOM), home).map(({ at }) => `${at.x},${at.y}`);
    expect(new Set(spots).size).toBe(3);
  });
  it("are drawn where they are when somebody looks for them", () => {
    const [found] = placeUnits(brush(10), [unit("a", { home: true, marked: true }), ...home.slice(1)]);
    expect(found?.mark.id).toBe("a");
    expect(found?.at.x).toBeCloseTo(400);
  });
});

describe("units on the road", () => {
  it("lie under what is selected", () => {
    const placed = placeUnits(brush(12), [unit("a", { selected: true }), unit("b")]);
    expect(placed.map(({ mark }) => mark.id)).toEqual(["b", "a"]);
  });
  it("are left out when they are far outside", () => {
    expect(placeUnits(brush(14), [unit("a", { lon: 81 })])).toEqual([]);
  });
});

describe("incidents beyond the edge", () => {
  it("are put on it, the most urgent first, and only those that wait or are late", () => {
    const far = { lat: 41.17, lon: 83 };
    const beyond = placeBeyond(brush(12), [
      incident("quiet", { ...far, waits: false }),
      incident("p2", { ...far, lon: 77 }),
      incident("p3", { ...far, priority: "P3" }),
      incident("p1", { ...far, priority: "P1" }),
      incident("here"),
    ]);
    // Two that lie the same way are one arrow.
    expect(beyond.map(({ mark, more }) => [mark.id, more])).toEqual([
      ["p1", 1],
      ["p2", 0],
    ]);
    for (const { at } of beyond.slice(0, 1)) {
      expect(at.x).toBeGreaterThan(760);
      expect(at.x).toBeLessThanOrEqual(800);
      expect(at.y).toBeCloseTo(250);
    }
  });
});
