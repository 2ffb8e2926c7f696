/**
 * The call in hand, kept by this tab while it is: a page that is loaded anew goes on with it, whether the service is
 * there or not. Gone with the tab, with the call, and with the person; no other tab reads it.
 */

import { NoAnswer } from "../client/api";
import { thisTab } from "../offline/tab";
import { continueWith } from "./continuing";
import type { DraftBody } from "./draft";
import type { Saved } from "./saving.svelte";
import { taking } from "./taking.svelte";

const STORED = "tarim.in-hand.1";

interface InHand {
  person: string;
  open: boolean;
  callId: string | null;
  incidentId: string | null;
  beganAt: number;
  saved: Saved | null;
  unsure: DraftBody | null;
  body: DraftBody;
}

/** Keep what is in hand now, or nothing: `$effect(() => keepInHand(person))`. */
export function keepInHand(person: string): void {
  const { held, open, callId, incidentId, beganAt, saving, body } = taking;
  if (!held) {
    forgetInHand();
    return;
  }
  const kept: InHand = { person, open, callId, incidentId, beganAt, saved: saving.saved, unsure: saving.unsure, body };
  sessionStorage.setItem(STORED, JSON.stringify(kept));
}

/** Go on with what was in hand before the page was loaded; what is not done is tried again by who asks (NoAnswer). */
export async function goOnWithKept(kept: string | null, person: string): Promise<void> {
  const was = kept === null || !(await thisTab()).again ? null : (JSON.parse(kept) as InHand);
  if (was === null || was.person !== person || taking.held) return;
  if (was.incidentId === null) restore(was);
  else if ((await continueWith(was.incidentId)) === "") throw new NoAnswer("what is asked on cannot be read yet");
  else {
    const { phone, caller, notes, more } = was.body;
    taking.change({ phone, caller, notes, more });
  }
  taking.open = was.open;
}

/** A call that has no incident yet: it is saved on from the version that was saved last. */
function restore({ callId, beganAt, saved, unsure, body }: InHand): void {
  taking.begin();
  Object.assign(taking, { callId, beganAt });
  taking.saving.from(saved, body, unsure);
  taking.change(body);
  if (callId !== null) taking.known.history(callId);
  if (body.place !== null) void taking.places.describe(body.place.lat, body.place.lon);
  // Whatever follows from card and answers is found again, and whether it is known already.
  taking.chooseCard(body.card);
}

export function forgetInHand(): void {
  sessionStorage.removeItem(STORED);
}

export function keptInHand(): string | null {
  return sessionStorage.getItem(STORED);
}
