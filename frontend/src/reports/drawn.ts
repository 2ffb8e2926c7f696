/** Borders as paths of a picture: an even projection, north up, as large as fits. */

import type { Geometry, Position } from "geojson";
import { boundsOf } from "../map/geojson";

export interface Shape {
  id: string;
  path: string;
  /** Where its name stands: in the middle of its largest ring. */
  x: number;
  y: number;
}

interface Frame {
  west: number;
  north: number;
  perLon: number;
  perLat: number;
  dx: number;
  dy: number;
}

/** width, height: of the picture. */
export function drawn(
  areas: readonly { id: string; shape: Geometry }[],
  width: number,
  height: number,
): readonly Shape[] {
  const frame = frameOf(
    areas.map((one) => one.shape),
    width,
    height,
  );
  return frame === null ? [] : areas.map((one) => ({ id: one.id, ...shapeOf(one.shape, frame) }));
}

export function frameOf(shapes: readonly Geometry[], width: number, height: number): Frame | null {
  const all = shapes.flatMap((one) => boundsOf(one) ?? []);
  if (all.length === 0) return null;
  const [west, east] = [Math.min(...all.map(([lon]) => lon)), Math.max(...all.map(([lon]) => lon))];
  const [south, north] = [Math.min(...all.map(([, lat]) => lat)), Math.max(...all.map(([, lat]) => lat))];
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min(width / ((east - west) * narrow || 1), height / (north - south || 1));
  const [perLon, perLat] = [scale * narrow, scale];
  return {
    west,
    north,
    perLon,
    perLat,
    dx: (width - (east - west) * perLon) / 2,
    dy: (height - (north - south) * perLat) / 2,
  };
}

/** Of a place in degrees, where it stands in the picture. */
export function onPicture(frame: Frame, lon: number, lat: number): [number, number] {
  return [frame.dx + (lon - frame.west) * frame.perLon, frame.dy + (frame.north - lat) * frame.perLat];
}

function shapeOf(shape: Geometry, frame: Frame): Omit<Shape, "id"> {
  const polygons =
    shape.type === "Polygon" ? [shape.coordinates] : shape.type === "MultiPolygon" ? shape.coordinates : [];
  const rings = polygons.flat().map((ring) => placed(ring, frame));
  const [x, y] = middleOf(rings.toSorted((a, b) => sizeOf(b) - sizeOf(a))[0] ?? []);
  return { path: rings.map((ring) => `M${ring.map(([px, py]) => `${px} ${py}`).join("L")}Z`).join(""), x, y };
}

/** Points to a half of a pixel; those that fall on the one before are left out. */
function placed(ring: readonly Position[], frame: Frame): [number, number][] {
  const kept: [number, number][] = [];
  for (const [lon = 0, lat = 0] of ring) {
    const [x, y] = onPicture(frame, lon, lat).map((one) => Math.round(one * 2) / 2) as [number, number];
    const before = kept.at(-1);
    if (before === undefined || before[0] !== x || before[1] !== y) kept.push([x, y]);
  }
  return kept;
}

function sizeOf(ring: readonly [number, number][]): number {
  return Math.abs(areaOf(ring));
}

function areaOf(ring: readonly [number, number][]): number {
  return ring.reduce((sum, [x, y], at) => {
    const [nx, ny] = ring[(at + 1) % ring.length] ?? [x, y];
    return sum + (x * ny - nx * y) / 2;
  }, 0);
}

function middleOf(ring: readonly [number, number][]): [number, number] {
  const area = areaOf(ring);
  if (area === 0) return ring[0] ?? [0, 0];
  const sum = ring.reduce(
    ([sx, sy], [x, y], at) => {
      const [nx, ny] = ring[(at + 1) % ring.length] ?? [x, y];
      const cross = x * ny - nx * y;
      return [sx + (x + nx) * cross, sy + (y + ny) * cross] as [number, number];
    },
    [0, 0] as [number, number],
  );
  return [Math.round(sum[0] / (6 * area)), Math.round(sum[1] / (6 * area))];
}
