/** The draft of a call as the service keeps it. */

import { api, Refusal, told, type Schemas } from "../client/api";
import { seatName, type DraftBody } from "./draft";
import type { Saved } from "./saving.svelte";

/** Save it over a version; 0: the first. Raises Refusal or NoAnswer. */
export async function putDraft(call_id: string, version: number, body: DraftBody): Promise<Saved> {
  const sent = { seat: seatName(), version, body };
  const params = { path: { call_id } };
  return saved((await told(api.PUT("/api/calls/{call_id}/draft", { params, body: sent }))).draft);
}

/** Have it at this seat from now on; null: there is none. `anyway`: also from a seat that is there. Raises as above. */
export async function takeDraft(call_id: string, anyway: boolean): Promise<{ saved: Saved; body: DraftBody } | null> {
  const sent = { seat: seatName(), anyway };
  const params = { path: { call_id } };
  try {
    const out = await told(api.POST("/api/calls/{call_id}/draft/take-over", { params, body: sent }));
    return { saved: saved(out.draft), body: out.body };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "draft.not_found") throw error;
    return null;
  }
}

function saved(draft: Schemas["DraftHeadOut"]): Saved {
  return { version: draft.version, savedAt: Date.parse(draft.saved_at) };
}
