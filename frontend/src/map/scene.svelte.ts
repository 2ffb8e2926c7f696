/** From what the console knows to what stands on the map. Rows make the marks; positions only move them. */

import { covers, type StationCover } from "../dispatching/cover.svelte";
import { longer, matters } from "../dispatching/coverWords";
import { recommendation } from "../dispatching/recommendation.svelte";
import { minutesRange, spoken } from "../format/measures";
import { age, hourMinute, moment } from "../format/time";
import { i18n } from "../i18n/index.svelte";
import { incidentBoard, type BoardIncident } from "../incidents/board.svelte";
import { live } from "../live/store.svelte";
import { selection } from "../shell/selection.svelte";
import { freshness, levelOf } from "../ui/timing";
import { fleet, type BoardUnit } from "../units/fleet.svelte";
import { ageLimits } from "../units/standing";
import { closures, type DrawnClosure } from "./closures.svelte";
import { ground } from "./ground.svelte";
import type { ClosureMark, HospitalMark, IncidentMark, RouteMark, Scene, StationMark, UnitMark } from "./marks";
import { routes } from "./routes.svelte";
import { trail } from "./trail.svelte";

const NEAR_STATION_DEG = 0.001;
const MOVES_MPS = 1.5;
const OFFERS = 3;

/** Everything as it stands at this second. */
export function sceneNow(): Scene {
  const now = live.clock.second;
  return {
    units: fleet.all.map((unit) => unitMark(unit, now, told(live.positions.get(unit.id)))),
    incidents: incidentBoard.all.flatMap((incident) => incidentMark(incident, now)),
    stations: stationMarks(
      (code) => fleet.byStation.find(({ units }) => units[0]?.row.station.code === code)?.units ?? [],
      lossesNow(),
    ),
    hospitals: hospitalMarks(),
    routes: routeMarks(now),
    closures: closures.all.map((one) => closureMark(one)),
    trail: trail.line,
    past: live.lost,
  };
}

/** Where a unit is by a position newer than its row. */
interface Latest {
  lat: number;
  lon: number;
  headingDeg: number | null;
  speedMps: number | null;
}

function told(fix: ReturnType<typeof live.positions.get>): Latest | undefined {
  return fix && { lat: fix.lat, lon: fix.lon, headingDeg: fix.heading_deg ?? null, speedMps: fix.speed_mps ?? null };
}

export function unitMark(
  { id, row, standing, fixAt }: Pick<BoardUnit, "id" | "row" | "standing" | "fixAt">,
  now: number,
  latest?: Latest,
): UnitMark {
  const lat = latest?.lat ?? row.position.lat;
  const lon = latest?.lon ?? row.position.lon;
  const ageMs = fixAt === null ? null : now - fixAt;
  const fresh = ageMs === null ? "fresh" : freshness(ageMs, ageLimits(row.status));
  const heading = latest?.headingDeg ?? row.position.heading_deg;
  const speed = latest?.speedMps ?? null;
  const station = ground.stations.find((one) => one.id === row.station.code);
  const there =
    row.position.basis === "station" ||
    (station !== undefined &&
      Math.abs(station.lat - lat) < NEAR_STATION_DEG &&
      Math.abs(station.lon - lon) < NEAR_STATION_DEG);
  const first = recommendation.value?.chosen === id && recommendation.value.incident_id === selection.incidentId;
  return {
    id,
    callSign: row.call_sign,
    system: row.system,
    sign: standing.sign,
    tone: standing.tone,
    level: standing.since === null ? "plain" : levelOf(now - standing.since, standing.limits),
    lat,
    lon,
    headingDeg: speed !== null && speed >= MOVES_MPS ? heading : null,
    age: fresh === "fresh" || ageMs === null ? "" : age(ageMs),
    stale: fresh === "stale" || row.position.basis === "last_place",
    stationId: row.station.id,
    home: there && row.assignment === null,
    selected: selection.unitId === id,
    marked: first || selection.hoveredId === id,
  };
}

export function incidentMark(
  { id, row, progress }: Pick<BoardIncident, "id" | "row" | "progress">,
  now: number,
): IncidentMark[] {
  if (row.lat === null || row.lon === null) return [];
  return [
    {
      id,
      // Who is urgent on unknown answers alone is to be asked again.
      label: row.provisional ? `${spoken(row.number)} ${row.priority}?` : spoken(row.number),
      priority: row.priority,
      level: progress.since === null ? "plain" : levelOf(now - progress.since, progress.limits),
      lat: row.lat,
      lon: row.lon,
      selected: selection.incidentId === id,
      waits: progress.waits,
    },
  ];
}

export function hospitalMarks(): HospitalMark[] {
  return ground.hospitals.map((one) => ({
    id: one.id,
    name: i18n.name({ zh: one.name_zh, en: one.name_en, ug: one.name_ug }),
    lat: one.lat,
    lon: one.lon,
  }));
}

/** What the offer under the pointer takes from stations, else the first choice of an incident that waits. */
function lossesNow(): readonly StationCover[] {
  const [answer, incident] = [recommendation.value, incidentBoard.find(selection.incidentId)];
  if (answer === null || incident === undefined || answer.incident_id !== incident.id) return [];
  const unitId = selection.hoveredId ?? (incident.progress.waits ? answer.chosen : null);
  return (unitId === null ? undefined : covers.of(answer.id, unitId))?.stations.filter(matters) ?? [];
}

/** `of`: the units of a station, by its code; `losses`: of those that lose something. */
export function stationMarks(
  of: (code: string) => readonly Pick<BoardUnit, "row" | "standing">[],
  losses: readonly StationCover[] = [],
): StationMark[] {
  return ground.stations.map((one) => ({
    id: one.id,
    name: i18n.name({ zh: one.name_zh, en: one.name_en, ug: one.name_ug }),
    system: one.system,
    lat: one.lat,
    lon: one.lon,
    sendable: of(one.id).filter(({ row, standing }) => row.available && !standing.lost).length,
    units: of(one.id).length,
    loss: lossOf(losses.find(({ code }) => code === one.id)),
  }));
}

function lossOf(loss: StationCover | undefined): string {
  if (loss === undefined) return "";
  return `${loss.free_before}→${loss.free_after} ${i18n.t.dispatching.coverMinutes(longer(loss))}`.trim();
}

function routeMarks(now: number): RouteMark[] {
  const incident = incidentBoard.find(selection.incidentId);
  if (incident === undefined) return [];
  const marks: RouteMark[] = incident.units
    .filter(({ status }) => status === "assigned" || status === "en_route" || status === "transporting")
    .flatMap(({ id }) => {
      const line = routes.taken(id, now);
      const coming = live.coming(id);
      const label = coming ? i18n.t.map.minutes(minutesRange(coming.lowS, coming.highS)) : "";
      return line === undefined ? [] : [{ id, line, kind: "taken" as const, label }];
    });
  const answer = recommendation.value;
  if (
    answer === null ||
    answer.incident_id !== incident.id ||
    (!incident.progress.waits && selection.hoveredId === null)
  )
    return marks;
  const first = answer.chosen;
  const offers = answer.offers.filter(
    (offer, index) => offer.unit_id === selection.hoveredId || (incident.progress.waits && index < OFFERS),
  );
  for (const offer of offers) {
    const line = routes.offered(answer.id, offer.unit_id, now);
    if (line === undefined) continue;
    const wanted = selection.hoveredId ?? first;
    const range =
      offer.low_s === null || offer.high_s === null ? "" : i18n.t.map.minutes(minutesRange(offer.low_s, offer.high_s));
    marks.push({ id: offer.unit_id, line, kind: offer.unit_id === wanted ? "first" : "other", label: range });
  }
  return marks;
}

/** Closed, or to what it is slowed. */
export function extentOf(factor: number): string {
  const words = i18n.t.map.closures;
  return factor === 0 ? words.closed : words.slowed(`${Math.round(factor * 100)}%`);
}

function closureMark({ closure, lines }: DrawnClosure): ClosureMark {
  const until = moment(closure.active_until);
  const what = extentOf(closure.speed_factor);
  return {
    id: closure.id,
    lines,
    factor: closure.speed_factor,
    active: closure.active,
    label: until === null ? what : `${what} ${i18n.t.map.closures.until(hourMinute(until))}`,
    selected: closures.selectedId === closure.id,
  };
}
