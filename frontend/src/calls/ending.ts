/** Where a call leads besides to an incident of its own: to one that is there, to another service, or to none. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { live } from "../live/store.svelte";
import { selection } from "../shell/selection.svelte";
import { finishNote } from "./details";
import { noteOf } from "./noting";
import { taking } from "./taking.svelte";
import { Telling } from "./telling";

export const OUTCOMES = ["inquiry", "misdial", "nuisance", "silent", "cut_off"] as const;
export type CallOutcome = (typeof OUTCOMES)[number];
export const AGENCIES = ["110", "119", "122"] as const satisfies readonly Schemas["Agency"][];

/** The call is about an incident that is there; what was typed becomes a note of it. */
export async function link(incident_id: string, kind: "linked" | "asked_again" = "linked"): Promise<void> {
  await taking.tried(async () => {
    const call_id = await taking.ensureCall();
    await taking.describeCaller(call_id);
    await told(api.POST("/api/calls/{call_id}/link", { params: { path: { call_id } }, body: { incident_id, kind } }));
    finishNote();
    const said = noteOf(taking.body, { people: true });
    if (said !== "") new Telling(incident_id, taking.sending).note(said);
    taking.release();
    selection.incident(incident_id);
  });
}

/** The call is about no incident. */
export async function endWithout(outcome: CallOutcome): Promise<void> {
  await taking.tried(async () => {
    const call_id = await taking.ensureCall();
    await taking.describeCaller(call_id);
    await told(api.POST("/api/calls/{call_id}/outcome", { params: { path: { call_id } }, body: { outcome } }));
    taking.release();
  });
}

/** Passed to another service, or that service joined; true when it is recorded. */
export async function transfer(kind: "passed" | "joined", agency: Schemas["Agency"]): Promise<boolean> {
  return taking.tried(async () => {
    const call_id = await taking.ensureCall();
    const params = { path: { call_id }, header: { "idempotency-key": `${call_id}-${kind}-${agency}` } };
    await told(api.POST("/api/calls/{call_id}/transfers", { params, body: { kind, agency } }));
    taking.known.joined = [...taking.known.joined, agency];
    if (kind === "passed" && taking.incidentId === null) taking.release();
  });
}

/** What has become of the call in hand: one that is over has left the board, and nobody tells of it any more. */
export async function lookAgain(call_id: string): Promise<void> {
  try {
    live.calls.merge([(await told(api.GET("/api/calls/{call_id}", { params: { path: { call_id } } }))).call]);
  } catch (error) {
    // What was known of it stays.
    if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
  }
}

/** The number in whole; that leaves a line in the journal. */
export async function showNumber(): Promise<void> {
  const call_id = taking.callId;
  if (call_id === null) return;
  await taking.tried(async () => {
    const params = { path: { call_id }, query: { whole: true } };
    taking.known.phone = (await told(api.GET("/api/calls/{call_id}", { params }))).call.phone;
  });
}
