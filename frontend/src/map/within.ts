/** In which area a point lies. Pure; polygons as GeoJSON has them, longitude before latitude. */

import type { FeatureCollection, Position } from "geojson";
import type { System } from "../live/rows";

export interface Area {
  system: System;
  /** Each polygon: its outline, then its holes. */
  polygons: readonly (readonly (readonly Position[])[])[];
}

export function areasOf({ features }: FeatureCollection): Area[] {
  return features.flatMap(({ geometry, properties }) => {
    const system: System = properties?.system === "corps" ? "corps" : "civil";
    if (geometry.type === "Polygon") return [{ system, polygons: [geometry.coordinates] }];
    return geometry.type === "MultiPolygon" ? [{ system, polygons: geometry.coordinates }] : [];
  });
}

/**
 * Whose area it is, by the first level that says anything; null in nobody's, and where one level names two. `levels`: what
 * an organisation answers for goes before built-up ground, and that before the county around it.
 */
export function systemAt(levels: readonly (readonly Area[])[], lat: number, lon: number): System | null {
  for (const areas of levels) {
    const here = areas.filter(({ polygons }) => polygons.some((rings) => inside(rings, lat, lon)));
    const [first, ...others] = new Set(here.map(({ system }) => system));
    if (first !== undefined) return others.length === 0 ? first : null;
  }
  return null;
}

function inside(rings: readonly (readonly Position[])[], lat: number, lon: number): boolean {
  const [outline, ...holes] = rings;
  return outline !== undefined && winds(outline, lat, lon) && !holes.some((hole) => winds(hole, lat, lon));
}

/** Whether a ray to the east crosses a ring an odd number of times. */
function winds(ring: readonly Position[], lat: number, lon: number): boolean {
  let within = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [x = 0, y = 0] = ring[at] ?? [];
    const [lastX = 0, lastY = 0] = ring[before] ?? [];
    if (y > lat !== lastY > lat && lon < ((lastX - x) * (lat - y)) / (lastY - y) + x) within = !within;
  }
  return within;
}
