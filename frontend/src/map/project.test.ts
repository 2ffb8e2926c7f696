import { describe, expect, it } from "vitest";
import { inside, metresPerPixel, middleOf, pixelsFrom, projector, scaleLength } from "./project";

const view = { lat: 41.17, lon: 80.26, zoom: 11, width: 800, height: 500 };

describe("the projection", () => {
  it("puts the middle into the middle", () => {
    const spot = projector(view)(41.17, 80.26);
    expect(spot.x).toBeCloseTo(400);
    expect(spot.y).toBeCloseTo(250);
  });
  it("has north above and east to the right, at the scale it tells", () => {
    const put = projector(view);
    const north = put(41.18, 80.26);
    const east = put(41.17, 80.27);
    expect(north.y).toBeLessThan(250);
    expect(east.x).toBeGreaterThan(400);
    const metres = 0.01 * 111_195 * Math.cos((41.17 * Math.PI) / 180);
    expect((east.x - 400) * metresPerPixel(view)).toBeCloseTo(metres, -1);
  });
  it("measures in round lengths that fit", () => {
    expect(scaleLength(10, 100)).toBe(1_000);
    expect(scaleLength(3, 100)).toBe(200);
    expect(scaleLength(7.5, 100)).toBe(500);
  });
  it("knows what lies outside", () => {
    expect(inside({ x: -5, y: 3 }, view, 4)).toBe(false);
    expect(inside({ x: -5, y: 3 }, view, 6)).toBe(true);
  });
  it("finds the middle of a line by its length, not by its corners", () => {
    const corner = [
      { x: 0, y: 0 },
      { x: 0, y: 10 },
      { x: 90, y: 10 },
    ];
    expect(middleOf(corner)).toEqual({ x: 40, y: 10 });
    expect(middleOf(corner.slice(0, 1))).toEqual({ x: 0, y: 0 });
    expect(middleOf([])).toBeUndefined();
  });
  it("measures to a line between its corners too", () => {
    const line = [
      { x: 0, y: 0 },
      { x: 100, y: 0 },
      { x: 100, y: 50 },
    ];
    expect(pixelsFrom({ x: 50, y: 3 }, line)).toBe(3);
    expect(pixelsFrom({ x: 104, y: 25 }, line)).toBe(4);
    expect(pixelsFrom({ x: -3, y: 4 }, line)).toBe(5);
    expect(pixelsFrom({ x: 0, y: 0 }, [])).toBe(Infinity);
  });
});
