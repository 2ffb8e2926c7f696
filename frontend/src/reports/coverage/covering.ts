/** How coverage is told: names of limits, shades of the map, what stands on it, which rows the table has. */

import type { Feature, FeatureCollection, Geometry } from "geojson";
import type { Schemas } from "../../client/api";
import type { Asked } from "../asked";

export type Limit = Schemas["CoverageLimit"];
export type Group = Schemas["CoverageGroup"];
export type Within = Schemas["CoverageWithin"];

export interface Covered {
  asked: Asked;
  table: Schemas["CoverageOut"];
  hours: Schemas["CoverageHoursOut"];
  drawn: Drawn;
  siting: Schemas["SitingOut"] | null;
}

/** What the map shows: areas with their shade, the largest first, places where people live, and what was searched from. */
export interface Drawn {
  areas: FeatureCollection;
  cells: readonly Cell[];
  sources: readonly Source[];
}

export interface Cell {
  lat: number;
  lon: number;
  people: number;
  /** The first limit of time that holds it, 0 the shortest; -1: none of them. */
  band: number;
}

export interface Source {
  lat: number;
  lon: number;
  name: string;
  organisation: string;
}

/** Of the areas' one colour: the nearest is darkest, since the smaller ones lie on the larger. */
const SHADES = [0.22, 0.16, 0.1];
const DOTS = [0.9, 0.55, 0.3];

export function times(limits: readonly Limit[]): Limit[] {
  return limits.filter((one) => one.within_s !== null);
}

/** ≤15 min, ≤5 km. */
export function limitName(limit: Limit): string {
  return limit.within_s === null ? `≤${(limit.within_m ?? 0) / 1_000} km` : `≤${limit.within_s / 60} min`;
}

/** The limit that is looked at closely: the one chosen, else the middle one of the times. */
export function lookedAt(limits: readonly Limit[], chosen: string): Limit | undefined {
  const of = times(limits);
  return limits.find((one) => one.id === chosen) ?? of[Math.floor(of.length / 2)] ?? limits[0];
}

/** Minutes within which a further station would have to reach people: of the limit, or of the one usual. */
export function sitingMinutes(limits: readonly Limit[], chosen: string): number {
  const looked = lookedAt(limits, chosen);
  const seconds = looked?.within_s ?? lookedAt(limits, "")?.within_s ?? 900;
  return seconds / 60;
}

/** Which limits the rule of the radius of service asks of a group. */
export function nearOf(group: Group, near: Schemas["CoverageNear"]): readonly string[] {
  if (group.group !== "ground") return [];
  return group.key === "urban" ? near.urban : near.rural;
}

export function withinOf(found: readonly Within[], limit: string): Within | undefined {
  return found.find((one) => one.id === limit);
}

/** All, then ground, organisations, counties; who lives nowhere and where nothing happened or stands is left out. */
export function rowsOf(groups: readonly Group[]): Group[] {
  const order = ["all", "ground", "organisation", "county"];
  const told = groups.filter((one) => one.group === "all" || one.people > 0 || one.incidents > 0 || one.vehicles);
  return told.toSorted((a, b) => order.indexOf(a.group) - order.indexOf(b.group) || b.people - a.people);
}

/** Seconds of the times, the shortest first; eta: null where nobody comes. */
export function bandOf(eta: number | null, seconds: readonly number[]): number {
  return eta === null ? -1 : seconds.findIndex((one) => eta <= one);
}

export function drawnOf(map: Schemas["CoverageMapOut"]): Drawn {
  const features = map.features as unknown as Feature<Geometry, Record<string, unknown>>[];
  const seconds = times(map.limits).map((one) => one.within_s ?? 0);
  const of = (kind: string): Feature<Geometry, Record<string, unknown>>[] =>
    features.filter((one) => one.properties.kind === kind);
  const at = (one: Feature): { lat: number; lon: number } => {
    const [lon = 0, lat = 0] = one.geometry.type === "Point" ? one.geometry.coordinates : [];
    return { lat, lon };
  };
  return {
    areas: {
      type: "FeatureCollection",
      features: of("area").map((one) => {
        const band = seconds.indexOf(Number(one.properties.within_s));
        return { ...one, properties: { band, opacity: shade(band) } };
      }),
    },
    cells: of("cell").map((one) => ({
      ...at(one),
      people: Number(one.properties.people),
      band: bandOf(one.properties.eta_s as number | null, seconds),
    })),
    sources: of("source").map((one) => ({
      ...at(one),
      name: String(one.properties.name),
      organisation: String(one.properties.organisation),
    })),
  };
}

/** How much one area adds to what lies under it. */
export function shade(band: number): number {
  return SHADES[band] ?? SHADES.at(-1) ?? 0;
}

/** How dark the dot of people in a band is, and its place in the legend. */
export function dotShade(band: number): number {
  return DOTS[band] ?? DOTS.at(-1) ?? 0;
}

/** How large the dot of so many people is, in pixels. */
export function dotOf(people: number): number {
  return Math.min(9, 0.8 + Math.sqrt(people) / 22);
}
