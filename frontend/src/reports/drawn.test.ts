import type { Geometry } from "geojson";
import { expect, test } from "vitest";
import { drawn, frameOf, onPicture } from "./drawn";

function box(west: number, south: number, east: number, north: number): Geometry {
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return { type: "Polygon", coordinates: [ring] };
}

test("north is up, west is left, and all of it fits", () => {
  const [west, east] = drawn(
    [
      { id: "w", shape: box(80, 41, 81, 42) },
      { id: "e", shape: box(81, 41, 82, 42) },
    ],
    200,
    100,
  );
  expect(west?.x).toBeLessThan(east?.x ?? 0);
  const frame = frameOf([box(80, 41, 82, 42)], 200, 100);
  if (frame === null) throw new Error("no frame");
  const [x, y] = onPicture(frame, 80, 42);
  const [far, low] = onPicture(frame, 82, 41);
  expect([y, low]).toEqual([0, 100]);
  // A degree of longitude is narrower: the picture stands in the middle.
  expect(x + far).toBeCloseTo(200);
  expect(x).toBeGreaterThan(0);
  expect(far).toBeLessThan(200);
});

test("a name stands in the middle of the largest part", () => {
  const small = (box(80, 41, 80.1, 41.1) as { coordinates: number[][][] }).coordinates;
  const large = (box(81, 41, 82, 42) as { coordinates: number[][][] }).coordinates;
  const [one] = drawn([{ id: "a", shape: { type: "MultiPolygon", coordinates: [small, large] } }], 200, 100);
  const frame = frameOf([box(80, 41, 82, 42)], 200, 100);
  if (frame === null || one === undefined) throw new Error("nothing is drawn");
  const [x, y] = onPicture(frame, 81.5, 41.5);
  // Points are set to half a pixel.
  expect(Math.hypot(one.x - x, one.y - y)).toBeLessThan(1.5);
  expect(one.path.match(/M/g)).toHaveLength(2);
});

test("without a border nothing is drawn", () => {
  expect(drawn([], 200, 100)).toEqual([]);
});
