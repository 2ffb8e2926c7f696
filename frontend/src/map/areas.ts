/** Areas that MapLibre fills: those of the organisations, and what is reached within minutes. */

import type { LayerSpecification } from "maplibre-gl";
import type { Palette } from "./palette";

export const AREAS = "areas";
export const REACHES = "reaches";

export function areaLayers(palette: Palette): LayerSpecification[] {
  const system: LayerSpecification = {
    id: "areas-line",
    type: "line",
    source: AREAS,
    paint: {
      "line-color": ["match", ["get", "system"], "corps", palette.corps, palette.civil],
      "line-width": 1.4,
      "line-dasharray": [6, 3],
    },
  };
  return [
    {
      id: "reaches-fill",
      type: "fill",
      source: REACHES,
      paint: {
        "fill-color": palette.route,
        "fill-opacity": ["coalesce", ["get", "opacity"], ["match", ["get", "nth"], 0, 0.12, 1, 0.08, 0.05]],
      },
    },
    {
      id: "reaches-line",
      type: "line",
      source: REACHES,
      paint: { "line-color": palette.route, "line-width": 1, "line-opacity": 0.8 },
    },
    {
      id: "areas-fill",
      type: "fill",
      source: AREAS,
      paint: {
        "fill-color": ["match", ["get", "system"], "corps", palette.corps, palette.civil],
        "fill-opacity": 0.07,
      },
    },
    system,
  ];
}
