/** What of all that is measured stands on the board, and how old it may be. */

import type { Schemas } from "../client/api";

export type Value = Schemas["ValueOut"];
export type Kind = "hr" | "nibp" | "spo2" | "rr" | "temp" | "gcs";

interface Shown {
  kind: Kind;
  /** The first that is there counts; of a pressure both. */
  signals: readonly string[];
  unit: string;
  /** Measured now and then: it has an age, and is never stale by the rules of streams. */
  spot: boolean;
}

export const SHOWN: readonly Shown[] = [
  { kind: "hr", signals: ["heart_rate", "pulse_rate"], unit: "/min", spot: false },
  { kind: "nibp", signals: ["nibp_systolic", "nibp_diastolic"], unit: "mmHg", spot: true },
  { kind: "spo2", signals: ["spo2"], unit: "%", spot: false },
  { kind: "rr", signals: ["respiratory_rate"], unit: "/min", spot: false },
  { kind: "temp", signals: ["temperature"], unit: "℃", spot: true },
  { kind: "gcs", signals: ["gcs_total"], unit: "", spot: true },
];

/** From when a streamed value is old, and from when it is no value of now any more; milliseconds. */
export const OLD_MS = 15_000;
export const STALE_MS = 60_000;
/** A trend breaks where nothing was measured for so long; its points are 15 s apart. */
const BREAK_MS = 45_000;

export interface Reading {
  /** "" where it could not be measured. */
  text: string;
  atMs: number;
  judged: Value["judged"];
  byHand: boolean;
}

const told = ({ value, decimals }: Value): string => (value === null ? "" : value.toFixed(decimals));
const WORST = ["ok", "soft", "hard"] as const;

/** The newest reading of a kind; null: there is none. */
export function readingOf(values: ReadonlyMap<string, Value>, { kind, signals }: Shown): Reading | null {
  const found = signals.flatMap((name) => values.get(name) ?? []);
  const [first, second] = found;
  if (first === undefined) return null;
  const used = kind === "nibp" && second !== undefined ? [first, second] : [first];
  return {
    text: used.map(told).join("/"),
    atMs: Math.min(...used.map(({ at }) => Date.parse(at))),
    judged: WORST[Math.max(...used.map(({ judged }) => WORST.indexOf(judged)))] ?? "hard",
    byHand: used.some(({ by_hand }) => by_hand),
  };
}

/** When the newest streamed value was measured; null: none ever came. */
export function streamedAt(values: Iterable<Value>): number | null {
  const spots = new Set(SHOWN.filter(({ spot }) => spot).flatMap(({ signals }) => signals));
  let newest: number | null = null;
  for (const { signal, at } of values) {
    if (spots.has(signal)) continue;
    newest = Math.max(newest ?? 0, Date.parse(at));
  }
  return newest;
}

export interface Point {
  atMs: number;
  value: number;
  /** Typed by a person: it stands by itself, and no line leads through it. */
  byHand: boolean;
}

export function pointsOf(trends: readonly Schemas["TrendOut"][], signal: string): Point[] {
  const found = trends.find((one) => one.signal === signal);
  return (
    found?.at.map((at, place) => ({
      atMs: Date.parse(at),
      value: found.values[place] ?? 0,
      byHand: found.by_hand[place] ?? false,
    })) ?? []
  );
}

/** The pieces of a trend between its gaps, of what was sent. */
export function pieces(points: readonly Point[]): Point[][] {
  const found: Point[][] = [];
  for (const point of points) {
    if (point.byHand) continue;
    const last = found.at(-1)?.at(-1);
    if (last === undefined || point.atMs - last.atMs > BREAK_MS) found.push([]);
    found.at(-1)?.push(point);
  }
  return found;
}
