/** When an incident is opened of what was typed, and with what. Pure. */

import type { Schemas } from "../client/api";
import type { Assessment } from "../cards/assessing.svelte";
import type { DraftBody } from "./draft";
import type { Hint } from "./known.svelte";

/** Its number never changes: incidents of all years are told apart by it. */
const ARREST_CARD = "K01";
export type IncidentIn = Schemas["IncidentIn"];

/**
 * Whether it opens by itself: place and complaint are chosen, waking and breathing are answered, and nobody is asked
 * whether it is known already. A cardiac arrest with a place waits for nothing but for who sees one there already.
 */
export function opensByItself(
  body: DraftBody,
  assessment: Assessment | null,
  behind: boolean,
  hints: readonly Pick<Hint, "reasons">[],
): boolean {
  if (body.place === null || assessment === null || behind) return false;
  if (isArrest(assessment)) return !hints.some(({ reasons }) => reasons.includes("same_kind"));
  const asked = body.answers.a !== undefined && body.answers.b !== undefined;
  return body.card !== "" && asked && hints.length === 0;
}

/** This is a cardiac arrest for certain: by its own card, or by the first two answers of another. */
export function isArrest(assessment: Assessment): boolean {
  return !assessment.provisional && (assessment.switch_to !== "" || assessment.card === ARREST_CARD);
}

/** Letters that a vehicle need not bring, but somebody has to be told: 119 and 110. */
export const AGENCY_OF: Readonly<Record<string, "119" | "110">> = { R: "119", P: "110" };

export function incidentOf(
  body: DraftBody,
  assessment: Assessment | null,
  callId: string | null,
  note: string,
): IncidentIn {
  const { place } = body;
  const words = body.place_words.trim() || place?.label || "";
  const switched = assessment !== null && assessment.switch_to !== "" ? assessment.switch_to : body.card;
  return {
    priority: assessment?.priority ?? "P1",
    complaint: switched,
    capabilities: assessment?.capabilities ?? "",
    place:
      place === null && words === ""
        ? null
        : {
            ...(place && { lat: place.lat, lon: place.lon }),
            words,
            direction: body.direction,
            source: place?.source ?? "typed",
          },
    note,
    people: body.people,
    call_id: callId,
  };
}
