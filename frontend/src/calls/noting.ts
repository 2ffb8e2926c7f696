/** What was typed and has no field of its own in an incident, as its first note. */

import { i18n } from "../i18n/index.svelte";
import type { DraftBody } from "./draft";

export const DETAILS = ["scene", "meeting", "saidTime"] as const;
export type Detail = (typeof DETAILS)[number];

export function noteOf(body: DraftBody): string {
  const labels = i18n.t.calls.details;
  const details = DETAILS.filter((name) => body.more[name]?.trim()).map(
    (name) => `${labels[name]}: ${body.more[name]?.trim() ?? ""}`,
  );
  const people = body.people === null ? [] : [`${labels.people}: ${body.people}`];
  return [body.notes.trim(), ...people, ...details].filter((line) => line !== "").join("\n");
}
