/** The frames of the live feed, `GET /api/live`: JSON text, one object each. */

import type { Arrival } from "./rows";

export const TOPICS = ["calls", "incidents", "units", "assignments"] as const;
/** Of a page of its own, which the console does not follow. */
export type Topic = (typeof TOPICS)[number] | "ecmo";

/** The least that every row of a board has. */
export interface Row {
  id: string;
}

/** `seq`: the journal's head; null while the service cannot read it. */
export interface Welcome {
  kind: "welcome";
  now: string;
  seq: number | null;
  server: string;
}

/** All rows of a topic, in place of whatever was known. */
export interface Snapshot {
  kind: "snapshot";
  topic: Topic;
  seq: number;
  items: Row[];
}

/** One line of the journal; none is lost, and they come in order. */
export interface Fact {
  kind: "fact";
  seq: number;
  topic: Topic;
  type: string;
  occurred_at: string;
  recorded_at: string;
  subject: string;
  organisation: string | null;
  actor: string;
  payload: Record<string, unknown>;
  mark: string;
}

/** Present rows of what the facts up to `seq` changed, and the ids of rows that are no more. */
export interface Rows {
  kind: "rows";
  topic: Topic;
  seq: number;
  items: Row[];
  gone: string[];
}

/** The newest position of a unit: told at most once a second, never replayed. */
export interface Latest {
  id: string;
  lat: number;
  lon: number;
  fix_at: string;
  received_at: string;
  speed_mps: number | null;
  heading_deg: number | null;
  source: string;
}

export interface LatestFrame {
  kind: "latest";
  topic: "units";
  items: Latest[];
}

/** When the unit of an assignment will be there; null: it is not under way, or nobody can say. */
export interface Arriving {
  id: string;
  arrival: Arrival | null;
}

export interface ArrivingFrame {
  kind: "latest";
  topic: "assignments";
  items: Arriving[];
}

/** Once a second. All up to line `seq` was told. Not `fresh`: the service itself cannot read the journal now. */
export interface Tick {
  kind: "tick";
  now: string;
  seq: number | null;
  mark: string;
  fresh: boolean;
}

export interface Pong {
  kind: "pong";
  t: number;
}

/** What could not be done; the link goes on. */
export interface RefusedFrame {
  kind: "refused";
  code: string;
  detail: string;
}

export type Frame = Welcome | Snapshot | Fact | Rows | LatestFrame | ArrivingFrame | Tick | Pong | RefusedFrame;

/** These two say that the journal is another one than we knew: everything is told anew. */
export const TOLD_ANEW: ReadonlySet<string> = new Set(["live.ahead", "live.other_journal"]);

export interface Subscribe {
  op: "subscribe";
  topics: readonly Topic[];
  after: number | null;
  mark: string | null;
}
export type Said = Subscribe | { op: "ping"; t: number };

const KINDS = new Set(["welcome", "snapshot", "fact", "rows", "latest", "tick", "pong", "refused"]);

/** Read a frame; null for one of a kind that this console does not know, or that is no frame at all. */
export function readFrame(text: string): Frame | null {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  const kind = (read as { kind?: unknown } | null)?.kind;
  return typeof kind === "string" && KINDS.has(kind) ? (read as Frame) : null;
}
