/** The record as it is read: in the order of true time, what was corrected directly under what counts instead. */

import type { Schemas } from "../client/api";

export type RecordLine = Schemas["RecordLineOut"];

export interface RecordRow {
  line: RecordLine;
  /** True time, milliseconds since 1970. */
  at: number;
  /** It stays, and another line counts. */
  original: boolean;
}

/** Lines that only tell that somebody looked. */
const LOOKS: ReadonlySet<string> = new Set(["incident.viewed", "call.viewed", "patient.viewed"]);

export function isLook(line: RecordLine): boolean {
  return LOOKS.has(line.type);
}

export function arranged(lines: readonly RecordLine[]): RecordRow[] {
  const bySeq = new Map(lines.map((line) => [line.seq, line]));
  const heads = lines
    .filter((line) => line.corrected_by === null || !bySeq.has(line.corrected_by))
    .toSorted((a, b) => a.at.localeCompare(b.at) || a.seq - b.seq);
  return heads.flatMap((head) => [row(head, false), ...originals(head, bySeq)]);
}

function originals(head: RecordLine, bySeq: ReadonlyMap<number, RecordLine>): RecordRow[] {
  const found: RecordRow[] = [];
  const seen = new Set([head.seq]);
  let before = head.corrects === null ? undefined : bySeq.get(head.corrects);
  while (before !== undefined && !seen.has(before.seq)) {
    seen.add(before.seq);
    found.push(row(before, true));
    before = before.corrects === null ? undefined : bySeq.get(before.corrects);
  }
  return found;
}

function row(line: RecordLine, original: boolean): RecordRow {
  return { line, at: Date.parse(line.at), original };
}

/** A value of a line's payload as text; "" where there is none. */
export function valueOf(line: RecordLine, key: string): string {
  const value = (line.payload as Record<string, unknown>)[key];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
