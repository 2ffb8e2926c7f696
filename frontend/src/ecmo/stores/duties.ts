/** Duties as they are listed and typed: who is on call, who comes next, whom to pick, and from when until when. Pure. */

import type { Schemas } from "../../client/api";
import { readIn, written } from "../../format/time";
import { ROLES, type Duty, type Role } from "../team/staffing";

export type Serving = Schemas["TeamPersonOut"];

export interface PlaceDuties {
  hospitalId: string;
  now: readonly Duty[];
  next: readonly Duty[];
}

const beginning = (one: Duty): number => Date.parse(one.from_at);
const placeOfRole = (one: Duty): number => Math.min(...one.roles.map((role) => ROLES.indexOf(role)));

/** By hospital in the given order and then as they come: who is on call by role, who comes next by time. */
export function rosterOf(duties: readonly Duty[], order: readonly string[], now: number): PlaceDuties[] {
  const places = [...new Set(duties.map(({ hospital_id }) => hospital_id))];
  const rank = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  const running = duties.filter((one) => Date.parse(one.until_at) > now);
  return places
    .sort((one, other) => rank(one) - rank(other))
    .map((hospitalId) => {
      const here = running.filter(({ hospital_id }) => hospital_id === hospitalId);
      return {
        hospitalId,
        now: here
          .filter((one) => beginning(one) <= now)
          .sort((one, other) => placeOfRole(one) - placeOfRole(other) || one.until_at.localeCompare(other.until_at)),
        next: here.filter((one) => beginning(one) > now).sort((one, other) => beginning(one) - beginning(other)),
      };
    })
    .filter((place) => place.now.length + place.next.length > 0);
}

/** Roles that nobody who is on call now may fill. */
export function uncovered(duties: readonly Duty[], now: number): Role[] {
  const there = new Set(
    duties.filter((one) => beginning(one) <= now && Date.parse(one.until_at) > now).flatMap(({ roles }) => roles),
  );
  return ROLES.filter((role) => !there.has(role));
}

/** People whose name or organisation holds what was typed; those of the hospital's own organisation first. */
export function matching(
  people: readonly Serving[],
  typed: string,
  organisation: string | null,
  most: number,
): readonly Serving[] {
  const wanted = typed.trim().toLowerCase();
  const found = people.filter((one) => `${one.name} ${one.organisation}`.toLowerCase().includes(wanted));
  const own = (one: Serving): number => (one.organisation === organisation ? 0 : 1);
  return found.sort((one, other) => own(one) - own(other)).slice(0, most);
}

/** What he was on call for last; an ECMO physician leads and is second; of anybody else nothing is known. */
export function rolesFor(person: Serving, duties: readonly Duty[]): readonly Role[] {
  const own = duties.filter(({ person_id }) => person_id === person.person_id);
  const last = own.sort((one, other) => beginning(other) - beginning(one))[0];
  if (last !== undefined) return last.roles;
  return person.is_physician ? ["lead", "second_physician"] : [];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CHANGE_HOUR = 8;
/** As a field for date and time shows it, to the minute. */
const MINUTE_PLACES = 16;

export function timeField(at: number): string {
  return written(at, "beijing").slice(0, MINUTE_PLACES);
}

export function readField(text: string): number | null {
  return text === "" ? null : readIn(`${text}:00`, "beijing");
}

/** From now, or from where what he is on call for ends; to eight in the morning, twelve hours later at the least. */
export function timesFor(
  personId: string | null,
  duties: readonly Duty[],
  now: number,
): { from: number; until: number } {
  const ends = duties.filter(({ person_id }) => person_id === personId).map(({ until_at }) => Date.parse(until_at));
  const from = Math.max(now, ...ends);
  const eight = readIn(
    `${written(from, "beijing").slice(0, 10)}T${String(CHANGE_HOUR).padStart(2, "0")}:00:00`,
    "beijing",
  );
  let until = eight ?? from + DAY_MS;
  while (until < from + 12 * HOUR_MS) until += DAY_MS;
  return { from, until };
}

export interface DutyTyped {
  hospitalId: string;
  person: Serving | null;
  roles: readonly Role[];
  /** 2026-11-27T20:00, Beijing time. */
  from: string;
  until: string;
}
export type DutyField = "hospital" | "person" | "roles" | "times";

const LONGEST_MS = 14 * DAY_MS;

/** What goes to the service; or the fields that hold it up. One that is over already helps nobody. */
export function dutyBody(
  typed: DutyTyped,
  now: number,
): { body: Schemas["TeamDutyIn"] | null; wrong: readonly DutyField[] } {
  const from = readField(typed.from);
  const until = readField(typed.until);
  const wrong: DutyField[] = [];
  if (typed.hospitalId === "") wrong.push("hospital");
  if (typed.person === null) wrong.push("person");
  if (typed.roles.length === 0) wrong.push("roles");
  if (from === null || until === null || until <= from || until - from > LONGEST_MS || until <= now)
    wrong.push("times");
  if (wrong.length > 0 || typed.person === null || from === null || until === null) return { body: null, wrong };
  return {
    body: {
      hospital_id: typed.hospitalId,
      person_id: typed.person.person_id,
      roles: [...typed.roles],
      from_at: new Date(from).toISOString(),
      until_at: new Date(until).toISOString(),
    },
    wrong,
  };
}

/** The field that a refusal is about; null: the duty as a whole. */
export function dutyFieldOf(code: string): DutyField | null {
  const FIELDS: Readonly<Record<string, DutyField | undefined>> = {
    "ecmo_duty.times": "times",
    "ecmo_duty.overlaps": "times",
    "ecmo_duty.roles": "roles",
    "person.not_found": "person",
    "hospital.not_found": "hospital",
  };
  return FIELDS[code] ?? null;
}
