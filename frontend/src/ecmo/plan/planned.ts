/** A plan as the screen shows it: who does what when, and what it comes to. */

import type { Times } from "./axis";

export type Track = "team" | "patient" | "vehicle" | "aircraft";

export interface LegShown {
  kind: string;
  tracks: readonly Track[];
  begins: Times;
  ends: Times;
  distanceM: number;
  /** Of a flight: from which airport to which. */
  hop: string | null;
}

export type Fill = "waiting" | "empty" | "carrying" | "cannulation" | "flight" | "moving" | "still";

const WAITING: ReadonlySet<string> = new Set(["prepare", "wait"]);
const FLIGHTS: ReadonlySet<string> = new Set(["ferry", "fly", "fly_carrying"]);
const ON_CIRCUIT: ReadonlySet<string> = new Set(["carry", "handover"]);
const CANNULATION: ReadonlySet<string> = new Set(["cannulate", "take_over"]);

/** The fill tells the state of whose track it is. */
export function fillOf(kind: string): Fill {
  if (WAITING.has(kind)) return "waiting";
  if (FLIGHTS.has(kind)) return "flight";
  if (ON_CIRCUIT.has(kind)) return "carrying";
  if (CANNULATION.has(kind)) return "cannulation";
  if (kind === "move") return "moving";
  return kind === "drive" ? "empty" : "still";
}

export const isFlight = (kind: string): boolean => FLIGHTS.has(kind);

export interface Stretch {
  hop: string;
  distanceM: number;
}

/** A plan by air in short: its flights, the way back only where it goes elsewhere, and the roads that the team drives out. */
export function flownOf(legs: readonly LegShown[]): { flights: Stretch[]; roadsM: number[] } {
  const flights: Stretch[] = [];
  for (const { hop, distanceM } of legs) {
    if (hop === null) continue;
    const back = hop.split(ARROW).toReversed().join(ARROW);
    if (!flights.some((one) => one.hop === hop || one.hop === back)) flights.push({ hop, distanceM });
  }
  const roads = legs.filter(({ kind, tracks }) => kind === "drive" && tracks.includes("team"));
  return { flights, roadsM: roads.map(({ distanceM }) => distanceM) };
}

export const ARROW = "→";

/** The rows of a plan, in the order in which they are drawn: only of those who have something to do. */
export function tracksOf(legs: readonly LegShown[]): Track[] {
  const order: readonly Track[] = ["team", "patient", "vehicle", "aircraft"];
  return order.filter((track) => legs.some(({ tracks }) => tracks.includes(track)));
}

/** A, B, C … by which a plan is named and chosen. */
export function letterOf(place: number): string {
  return String.fromCharCode("A".charCodeAt(0) + place);
}

/**
 * The place of each plan, by what it is: once given it stays, so that a recalculation puts no other plan under the key
 * or the pointer of who chooses. What is new comes behind.
 */
export class Places {
  readonly #known: string[] = [];

  of(plan: { kind: string; via: string | null; aircraft: string | null }): number {
    const name = [plan.kind, plan.via, plan.aircraft].join(" ");
    const place = this.#known.indexOf(name);
    return place < 0 ? this.#known.push(name) - 1 : place;
  }
}

/** What hinders a plan is told, and a person may choose it all the same; only the patient's fitness to be moved is waited for. */
export function choosable({ hindrances }: { hindrances: readonly string[] }): boolean {
  return !hindrances.includes("not_fit_to_move");
}
