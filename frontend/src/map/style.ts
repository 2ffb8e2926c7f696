/**
 * How the roads are drawn: a MapLibre style over the service's own vector tiles, in the colours of the theme and the names
 * of the chosen language. Without `glyphs` the console's own fonts draw the letters, so that nothing is fetched.
 *
 * MapLibre cannot join Arabic letters: towns in Uyghur are drawn by the overlay's canvas (`layers/towns.ts`), and streets
 * keep their Chinese names.
 */

import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Language } from "../i18n/index.svelte";
import type { Palette } from "./palette";

export const TILES = "roads";
const FONT = ["Noto Sans SC"];
const FASTEST = ["motorway", "trunk", "motorway_link", "trunk_link"];
const MAIN = ["primary", "primary_link", "secondary", "secondary_link"];
const LINKS_ZOOM = 11;

/** The name of a thing in a language: that language's, else the local one. */
function named(language: Language): ExpressionSpecification {
  const own: ExpressionSpecification = ["get", language === "en" ? "name_en" : "name_zh"];
  return ["coalesce", own, ["get", "name"], ["get", "name_zh"], ["get", "name_en"]];
}

const widths = (thin: number, thick: number): ExpressionSpecification => [
  "interpolate",
  ["exponential", 1.5],
  ["zoom"],
  6,
  thin,
  16,
  thick,
];

function roadsOf(classes: string[]): ExpressionSpecification {
  return ["in", ["get", "class"], ["literal", classes]];
}

function lines(palette: Palette): LayerSpecification[] {
  const line = (
    id: string,
    filter: ExpressionSpecification,
    color: string,
    width: ExpressionSpecification,
    minzoom = 0,
  ): LayerSpecification => ({
    id,
    type: "line",
    source: TILES,
    "source-layer": "roads",
    minzoom,
    filter,
    layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": color, "line-width": width },
  });
  const other: ExpressionSpecification = ["!", roadsOf([...FASTEST, ...MAIN, "ferry", "track", "pedestrian"])];
  return [
    line("small", other, palette.road3, widths(0.4, 7), 10),
    {
      ...line("track", roadsOf(["track", "pedestrian", "ferry"]), palette.road3, widths(0.5, 3), 7),
      paint: { "line-color": palette.road2, "line-width": widths(0.5, 3), "line-dasharray": [3, 2] },
    } as LayerSpecification,
    line("main-casing", roadsOf(MAIN), palette.casing, widths(1.2, 15), LINKS_ZOOM),
    {
      ...line("main", roadsOf(MAIN), palette.road2, widths(1.2, 11)),
      paint: {
        // Alone in a desert a main road must be seen; in a town it must not shout.
        "line-color": ["interpolate", ["linear"], ["zoom"], 9, palette.road1, 12, palette.road2],
        "line-width": widths(1.2, 11),
      },
    } as LayerSpecification,
    line("fastest-casing", roadsOf(FASTEST), palette.casing, widths(2.4, 18)),
    line("fastest", roadsOf(FASTEST), palette.road1, widths(2, 13)),
  ];
}

function names(palette: Palette, language: Language): LayerSpecification[] {
  const halo = { "text-color": palette.label, "text-halo-color": palette.land, "text-halo-width": 1.6 };
  return [
    {
      id: "street-names",
      type: "symbol",
      source: TILES,
      "source-layer": "roads",
      minzoom: 12.5,
      filter: ["any", ["has", "name"], ["has", "name_zh"]],
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 320,
        "text-field": named(language),
        "text-font": FONT,
        "text-size": 11,
        "text-padding": 6,
      },
      paint: { ...halo, "text-color": palette.muted },
    },
    {
      id: "refs",
      type: "symbol",
      source: TILES,
      "source-layer": "roads",
      minzoom: 6,
      filter: ["all", ["has", "ref"], roadsOf([...FASTEST, "primary"])],
      layout: {
        "symbol-placement": "line",
        "symbol-spacing": 420,
        "text-field": ["get", "ref"],
        "text-font": FONT,
        "text-size": 10,
        "text-rotation-alignment": "viewport",
        "text-padding": 24,
      },
      paint: { ...halo, "text-color": palette.muted, "text-halo-color": palette.raised, "text-halo-width": 3 },
    },
    {
      id: "place-names",
      type: "symbol",
      source: TILES,
      "source-layer": "places",
      filter: ["!", ["in", ["get", "kind"], ["literal", ["hospital"]]]],
      layout: {
        "text-field": named(language),
        "text-font": FONT,
        "text-size": ["match", ["get", "kind"], "city", 16, "town", 14, ["regiment", "airport", "aerodrome"], 12, 11],
        "text-padding": 8,
        "text-max-width": 12,
        // Far away the stations' dots lie in the middle of a town: its name stands above them.
        "text-anchor": ["step", ["zoom"], "bottom", 11, "center"],
        "text-offset": ["step", ["zoom"], ["literal", [0, -0.7]], 11, ["literal", [0, 0]]],
        "symbol-sort-key": ["match", ["get", "kind"], "city", 0, "town", 1, "regiment", 2, 3],
      },
      paint: {
        ...halo,
        "text-color": ["match", ["get", "kind"], ["city", "town"], palette.label, palette.muted],
        "text-halo-width": 2,
      },
    },
  ];
}

/** The whole style. `origin`: where the tiles come from, such as `location.origin`. */
export function styleOf(palette: Palette, language: Language, origin: string): StyleSpecification {
  const lettered = names(palette, language).filter((layer) => language !== "ug" || layer.id !== "place-names");
  return {
    version: 8,
    sources: {
      [TILES]: { type: "vector", tiles: [`${origin}/api/tiles/{z}/{x}/{y}.mvt`], minzoom: 4, maxzoom: 16 },
    },
    layers: [
      { id: "land", type: "background", paint: { "background-color": palette.land } },
      ...lines(palette),
      ...lettered,
    ],
  };
}
