/** What stands on the map, as plain values: no component, no canvas. */

import type { Priority, System } from "../live/rows";
import type { SignName, Tone } from "../ui/signs";
import type { Level } from "../ui/timing";

export interface UnitMark {
  id: string;
  callSign: string;
  system: System;
  sign: SignName;
  tone: Tone;
  /** Of the running time of its status: the glyph takes its colour. */
  level: Level;
  lat: number;
  lon: number;
  /** Degrees clockwise from north while it drives; null otherwise. */
  headingDeg: number | null;
  /** What stands in the badge at its label: the age of an old position; "" while it is fresh. */
  age: string;
  stale: boolean;
  stationId: string;
  /** Stands at its station: told by the station's count unless it is looked at closely. */
  home: boolean;
  selected: boolean;
  /** The unit whose offer is first, or under the pointer. */
  marked: boolean;
}

export interface IncidentMark {
  id: string;
  label: string;
  priority: Priority;
  level: Level;
  lat: number;
  lon: number;
  selected: boolean;
  waits: boolean;
}

export interface StationMark {
  id: string;
  name: string;
  system: System;
  lat: number;
  lon: number;
  sendable: number;
  units: number;
  /** What a choice takes from it: "1→0 2→7 分"; "" for nothing. */
  loss: string;
}

export interface HospitalMark {
  id: string;
  name: string;
  lat: number;
  lon: number;
  /** A vehicle that is followed goes there: shown from however far. */
  goal?: boolean;
}

/** A way along the roads, as [lon, lat]. `kind`: taken is driven now, offered is what a choice would mean. */
export interface RouteMark {
  id: string;
  line: readonly (readonly [number, number])[];
  kind: "taken" | "first" | "other";
  /** "6–8 分", drawn at its middle; "" for none. */
  label: string;
}

export interface ClosureMark {
  id: string;
  lines: readonly (readonly (readonly [number, number])[])[];
  factor: number;
  active: boolean;
  label: string;
  selected: boolean;
}

export interface Scene {
  units: readonly UnitMark[];
  incidents: readonly IncidentMark[];
  stations: readonly StationMark[];
  hospitals: readonly HospitalMark[];
  routes: readonly RouteMark[];
  closures: readonly ClosureMark[];
  /** Where the followed unit was, oldest first, as [lon, lat]. */
  trail: readonly (readonly [number, number])[];
  /** Everything is of a past moment: drawn without the colours that say "now". */
  past: boolean;
}

export const NOTHING: Scene = {
  units: [],
  incidents: [],
  stations: [],
  hospitals: [],
  routes: [],
  closures: [],
  trail: [],
  past: false,
};
