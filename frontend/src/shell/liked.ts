/** What can be liked about the screen, and what of a kept text is that. Pure. */

import type { Schemas } from "../client/api";
import { LANGUAGES } from "../i18n/index.svelte";

export type Liked = Schemas["Liked"];
export type Layout = Liked["layout"];
export type Theme = Liked["theme"];
export type Panel = Layout["windows"][number];

export const THEMES = ["night", "day", "wall"] as const satisfies readonly Theme[];
export const PANELS = ["map", "incidents", "units"] as const satisfies readonly Panel[];
/** How wide or high a panel may be; pixels. As drawn, unless somebody likes it otherwise. */
export const SIZES = {
  incidents_px: { least: 300, drawn: 356, most: 560 },
  selected_px: { least: 364, drawn: 404, most: 600 },
  units_px: { least: 140, drawn: 250, most: 500 },
} as const;
export type Size = keyof typeof SIZES;

export const PLAIN: Liked = {
  language: "zh",
  theme: "night",
  volume: 100,
  layout: { incidents_px: 356, selected_px: 404, units_px: 250, windows: [] },
  pins: [],
};

/** Whatever in it is a setting; the rest is left out. */
export function readLiked(kept: unknown): Partial<Liked> {
  const given = record(kept);
  const language = LANGUAGES.find((one) => one === given.language);
  const theme = THEMES.find((one) => one === given.theme);
  const volume = within(given.volume, 20, 100);
  const layout = given.layout === undefined ? undefined : readLayout(record(given.layout));
  const pins = Array.isArray(given.pins) ? given.pins.filter((one): one is string => typeof one === "string") : null;
  return {
    ...(language && { language }),
    ...(theme && { theme }),
    ...(volume !== null && { volume }),
    ...(layout && { layout }),
    ...(pins && { pins }),
  };
}

export function changed(change: Partial<Liked>): boolean {
  return Object.keys(change).length > 0;
}

function readLayout(given: Record<string, unknown>): Layout {
  const size = (name: Size): number => within(given[name], SIZES[name].least, SIZES[name].most) ?? SIZES[name].drawn;
  const windows = Array.isArray(given.windows)
    ? PANELS.filter((one) => (given.windows as unknown[]).includes(one))
    : [];
  return {
    incidents_px: size("incidents_px"),
    selected_px: size("selected_px"),
    units_px: size("units_px"),
    windows,
  };
}

function within(given: unknown, least: number, most: number): number | null {
  return typeof given === "number" && Number.isFinite(given)
    ? Math.round(Math.min(most, Math.max(least, given)))
    : null;
}

function record(given: unknown): Record<string, unknown> {
  return typeof given === "object" && given !== null ? (given as Record<string, unknown>) : {};
}
