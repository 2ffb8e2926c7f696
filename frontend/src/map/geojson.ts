/** Answers in GeoJSON: the generated client does not read their types off the media type, so that they are named here. */

import type { Geometry, Position } from "geojson";
import { told, type Schemas } from "../client/api";

export type Line = readonly (readonly [number, number])[];

export async function toldGeo<K extends keyof Schemas>(answer: Parameters<typeof told>[0]): Promise<Schemas[K]> {
  return (await told(answer)) as Schemas[K];
}

/** [[west, south], [east, north]] of areas; null where there is nothing. */
export function boundsOf(area: Geometry): [[number, number], [number, number]] | null {
  const rings =
    area.type === "Polygon" ? area.coordinates : area.type === "MultiPolygon" ? area.coordinates.flat() : [];
  const places: Position[] = rings.flat();
  if (places.length === 0) return null;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon = 0, lat = 0] of places) {
    [west, east] = [Math.min(west, lon), Math.max(east, lon)];
    [south, north] = [Math.min(south, lat), Math.max(north, lat)];
  }
  return [
    [west, south],
    [east, north],
  ];
}
