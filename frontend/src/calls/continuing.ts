/** Asking on about an incident that is open: after its vehicle was sent, or at another seat. */

import { api, told } from "../client/api";
import type { Answer } from "../cards/answers";
import { refusedWords } from "../i18n/refusals";
import { taking } from "./taking.svelte";

/** The words of a refusal; null: it went well. */
export async function continueWith(incident_id: string): Promise<string | null> {
  const params = { path: { incident_id } };
  try {
    const [whole, known] = await Promise.all([
      told(api.GET("/api/incidents/{incident_id}", { params })),
      told(api.GET("/api/incidents/{incident_id}/answers", { params })),
    ]);
    // Versions come in the order of entry: the last of each question counts; null was taken back.
    const last = new Map(known.answers.map((one) => [one.question, one.value as Answer | null]));
    const answers = Object.fromEntries([...last].filter((one): one is [string, Answer] => one[1] !== null));
    const patient = whole.patients.find(({ state }) => state !== "merged") ?? null;
    taking.attach(whole.incident, whole.calls[0]?.call.id ?? null, answers, patient);
    return null;
  } catch (error) {
    return refusedWords(error);
  }
}
