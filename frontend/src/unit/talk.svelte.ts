/** The messages of this run: at the service, and waiting on this phone. */

import { play } from "../alarms/sounds";
import { Thread, type Said, type Waiting } from "../messages/thread.svelte";
import { chart } from "./chart.svelte";
import { crew } from "./crew.svelte";

/** Of what alarms may be. */
const LOUD = 70;

class Talk {
  readonly #of: string | null = $derived(crew.row?.incident_id ?? null);
  readonly thread: Thread | null = $derived(this.#of === null ? null : new Thread(this.#of, null));
  #heard = 0;

  readonly waiting: readonly Waiting[] = $derived(
    crew.outbox.all.flatMap(({ id, run, act, at, refused }) =>
      act.kind === "message" && run === crew.row?.id
        ? [{ id, phrase: act.phrase, words: act.words, atMs: at - crew.offByMs, refused: refused !== null }]
        : [],
    ),
  );

  async say({ phrase, words }: Said): Promise<void> {
    const incident = this.#of;
    if (incident === null) return;
    await crew.record({ kind: "message", incident, patient: chart.patient, phrase, words });
    this.thread?.reload();
  }

  /** A message that came sounds once: `$effect(() => talk.sound())`. */
  sound(): void {
    const unread = this.thread?.unread.length ?? 0;
    if (unread > this.#heard) {
      void play("low", LOUD);
      if (navigator.userActivation.hasBeenActive) navigator.vibrate?.([120, 80, 120]);
    }
    this.#heard = unread;
  }
}

export const talk = new Talk();
