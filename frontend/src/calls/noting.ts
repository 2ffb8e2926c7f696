/** What was typed and has no field of its own in an incident, as its first note. */

import { i18n } from "../i18n/index.svelte";
import type { DraftBody } from "./draft";

export const DETAILS = ["scene", "meeting", "saidTime"] as const;
export type Detail = (typeof DETAILS)[number];

/** `people`: with how many are concerned, where that is not told to the incident itself. */
export function noteOf(body: DraftBody, { people = false } = {}): string {
  const labels = i18n.t.calls.details;
  const details = DETAILS.filter((name) => body.more[name]?.trim()).map(
    (name) => `${labels[name]}: ${body.more[name]?.trim() ?? ""}`,
  );
  const many = people && body.people !== null ? [`${labels.people}: ${body.people}`] : [];
  return [body.notes.trim(), ...many, ...details].filter((line) => line !== "").join("\n");
}
