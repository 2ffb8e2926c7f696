/**
 * The radio sheet: what a dispatcher needs on paper to go on by radio when the service is gone. Callers' numbers are
 * masked as on the boards; nothing is in it that the boards do not show. Pure.
 */

import type { AssignmentRow, CallRow, IncidentRow, Names, OutReason, Priority, System } from "../live/rows";
import type { UnitRow, UnitStatus } from "../live/rows";
import { monthDay, hourMinute } from "../format/time";
import { placeOf } from "../incidents/board.svelte";
import type { Hospital, Station } from "../map/ground.svelte";

export interface SheetUnit {
  callSign: string;
  system: System;
  station: Names;
  capabilities: string;
  status: UnitStatus;
  reason: OutReason | null;
  since: string | null;
  /** Number of its incident; "" without one. */
  incident: string;
}

export interface SheetIncident {
  number: string;
  priority: Priority;
  /** It stands on unknown answers alone: P1? */
  unsure: boolean;
  complaint: string;
  /** How many are concerned; null: nobody said. */
  people: number | null;
  place: string;
  direction: string;
  t0: string;
  units: readonly string[];
  /** Masked. */
  phones: readonly string[];
}

export interface SheetPlace {
  names: Names;
  system: System;
  /** "" where none is in the data: it is written by hand. */
  phone: string;
  /** Where it is, or what it can do. */
  words: string;
}

export interface Sheet {
  /** Whose seat it was. */
  person: string;
  /** Up to when all of it is true; milliseconds since 1970. */
  at: number;
  seat: string;
  units: readonly SheetUnit[];
  incidents: readonly SheetIncident[];
  stations: readonly SheetPlace[];
  hospitals: readonly SheetPlace[];
}

export interface Known {
  units: readonly UnitRow[];
  incidents: readonly IncidentRow[];
  assignments: readonly AssignmentRow[];
  calls: readonly CallRow[];
  stations: readonly Station[];
  hospitals: readonly Hospital[];
}

/** Blank forms on a sheet: four pages of two. */
export const BLANKS = 8;

export function sheetOf(known: Known, person: string, seat: string, at: number): Sheet {
  return {
    person,
    at,
    seat,
    units: known.units.map(unitOf).toSorted((a, b) => inOrder(a.station.zh, b.station.zh) || bySign(a, b)),
    incidents: known.incidents
      .toSorted((a, b) => a.priority.localeCompare(b.priority) || a.t0.localeCompare(b.t0))
      .map((row) => incidentOf(row, known)),
    stations: known.stations.map((one) => ({
      names: namesOf(one),
      system: one.system,
      phone: one.phone,
      words: one.address,
    })),
    hospitals: known.hospitals.map((one) => ({
      names: namesOf(one),
      system: one.system,
      phone: "",
      words: [one.level, ...one.capabilities].filter(Boolean).join(" "),
    })),
  };
}

/** 1122-0312-AB-3: of the sheet's moment by Beijing time, the seat, and the blank's place; told apart on any desk. */
export function blankNumber(sheet: Pick<Sheet, "at" | "seat">, place: number): string {
  return `${monthDay(sheet.at).replace("-", "")}-${hourMinute(sheet.at).replace(":", "")}-${sheet.seat}-${place}`;
}

function unitOf(row: UnitRow): SheetUnit {
  const { call_sign: callSign, system, capabilities, status, reason, since, assignment } = row;
  const incident = assignment?.incident_number ?? "";
  return { callSign, system, station: row.station.names, capabilities, status, reason, since, incident };
}

function incidentOf(row: IncidentRow, { assignments, calls }: Known): SheetIncident {
  const { number, priority, provisional, complaint, people, direction, t0 } = row;
  return {
    number,
    priority,
    unsure: provisional,
    complaint,
    people,
    place: placeOf(row),
    direction,
    t0,
    units: assignments.filter((one) => one.incident_id === row.id).map((one) => one.call_sign),
    phones: calls.filter((one) => one.incident_id === row.id && one.phone !== "").map((one) => one.phone),
  };
}

export function namesOf(one: { name_zh: string; name_en: string; name_ug: string }): Names {
  return { zh: one.name_zh, en: one.name_en, ug: one.name_ug };
}

function bySign(a: SheetUnit, b: SheetUnit): number {
  return inOrder(a.callSign, b.callSign);
}

function inOrder(a: string, b: string): number {
  return a.localeCompare(b, "zh", { numeric: true });
}
