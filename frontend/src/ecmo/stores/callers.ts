/** Physicians on call for requests, by centre: who is called first, and what is typed to enter one. Pure. */

import type { Schemas } from "../../client/api";
import { readField } from "./duties";

export type Centre = Schemas["EcmoCentreOut"];
export type Caller = Centre["on_call"][number];

const MOST_MS = 14 * 86_400_000;
const LAST_PLACE = 9;

export interface CallerTyped {
  personId: string;
  /** As it is typed: from 1, in the order of calling; those of one place are called together. */
  place: string;
  /** 2026-11-27T20:00, Beijing time. */
  from: string;
  until: string;
}
export type CallerField = "person" | "place" | "times";

/** Now and next, in the order of calling. */
export function callersOf({ on_call }: Pick<Centre, "on_call">): { now: readonly Caller[]; next: readonly Caller[] } {
  const byPlace = (one: Caller, other: Caller): number => one.place - other.place;
  return {
    now: on_call.filter((one) => one.now).sort(byPlace),
    next: on_call
      .filter((one) => !one.now)
      .sort((one, other) => one.from_at.localeCompare(other.from_at) || byPlace(one, other)),
  };
}

/** Behind those who are on call: who is entered next is called when they do not answer. */
export function nextPlace({ on_call }: Pick<Centre, "on_call">): number {
  return Math.min(LAST_PLACE, Math.max(0, ...on_call.filter((one) => one.now).map(({ place }) => place)) + 1);
}

/** What goes to the service; or the fields that hold it up. */
export function callerBody(
  typed: CallerTyped,
  now: number,
): { body: Schemas["OnCallIn"] | null; wrong: readonly CallerField[] } {
  const [from, until, place] = [readField(typed.from), readField(typed.until), Number(typed.place.trim())];
  const wrong: CallerField[] = [];
  if (typed.personId === "") wrong.push("person");
  if (!Number.isInteger(place) || place < 1 || place > LAST_PLACE) wrong.push("place");
  if (from === null || until === null || until <= from || until - from > MOST_MS || until <= now) wrong.push("times");
  if (wrong.length > 0 || from === null || until === null) return { body: null, wrong };
  return {
    body: {
      person_id: typed.personId,
      place,
      from_at: new Date(from).toISOString(),
      until_at: new Date(until).toISOString(),
    },
    wrong,
  };
}
