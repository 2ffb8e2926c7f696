/** A plan as the screen shows it: who does what when, and what it comes to. */

import type { Times } from "./axis";

export type Track = "team" | "patient" | "vehicle" | "aircraft";

export interface LegShown {
  kind: string;
  tracks: readonly Track[];
  begins: Times;
  ends: Times;
  distanceM: number;
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

/** The rows of a plan, in the order in which they are drawn: only of those who have something to do. */
export function tracksOf(legs: readonly LegShown[]): Track[] {
  const order: readonly Track[] = ["team", "patient", "vehicle", "aircraft"];
  return order.filter((track) => legs.some(({ tracks }) => tracks.includes(track)));
}

/** A, B, C … by which a plan is named and chosen. */
export function letterOf(place: number): string {
  return String.fromCharCode("A".charCodeAt(0) + place);
}

/** What hinders a plan is told, and a person may choose it all the same; only the patient's fitness to be moved is waited for. */
export function choosable({ hindrances }: { hindrances: readonly string[] }): boolean {
  return !hindrances.includes("not_fit_to_move");
}
