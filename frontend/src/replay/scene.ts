/** The past moment on the map: the same marks and the closures of then. Ways are left out: they are asked of now. */

import type { Line } from "../map/geojson";
import type { ClosureMark, Scene } from "../map/marks";
import { extentOf, hospitalMarks, incidentMark, stationMarks, unitMark } from "../map/scene.svelte";
import { pastBoards } from "./past.svelte";
import { replay, type Closed } from "./replay.svelte";

export function scenePast(): Scene {
  const { at, units } = pastBoards;
  return {
    // What is recommended now was not recommended then.
    units: units.map((unit) => ({ ...unitMark(unit, at, replay.spot(unit.id)), marked: false })),
    incidents: pastBoards.incidents.flatMap((incident) => incidentMark(incident, at)),
    stations: stationMarks((id) => units.filter(({ row }) => row.station.code === id)),
    hospitals: hospitalMarks(),
    routes: [],
    closures: replay.closed.map(closedMark),
    trail: [],
    past: true,
  };
}

/** Grey, as all that is of the past. */
function closedMark({ geometry, properties: { id, speed_factor } }: Closed): ClosureMark {
  const lines = geometry.coordinates as unknown as readonly Line[];
  return { id, lines, factor: speed_factor, active: false, label: extentOf(speed_factor), selected: false };
}
