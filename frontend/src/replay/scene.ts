/** The past moment on the map: the same marks, at the places of then. Ways and closures of today are left out. */

import type { Scene } from "../map/marks";
import { hospitalMarks, incidentMark, stationMarks, unitMark } from "../map/scene.svelte";
import { pastBoards } from "./past.svelte";
import { replay } from "./replay.svelte";

export function scenePast(): Scene {
  const { at, units } = pastBoards;
  return {
    units: units.map((unit) => unitMark(unit, at, replay.spot(unit.id))),
    incidents: pastBoards.incidents.flatMap((incident) => incidentMark(incident, at)),
    stations: stationMarks((id) => units.filter(({ row }) => row.station.code === id)),
    hospitals: hospitalMarks(),
    routes: [],
    closures: [],
    trail: [],
    past: true,
  };
}
