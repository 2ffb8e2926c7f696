/** The messages about one incident, or about one patient of it, as the service has them; asked anew when one is told. */

import { untrack } from "svelte";
import { api, NoAnswer, orders, Refusal, told, type Schemas } from "../client/api";
import { live } from "../live/store.svelte";

export type Message = Schemas["MessageOut"];
export type Phrase = Schemas["PhraseOut"];

export interface Said {
  phrase: string | null;
  words: string | null;
}

/** Written here, and not at the service yet. */
export interface Waiting extends Said {
  id: string;
  atMs: number;
  refused: boolean;
}

/** Facts come in flocks; milliseconds. */
const QUIET_MS = 150;

export class Thread {
  readonly incidentId: string;
  /** A hospital names its patient; others are told all of the incident. */
  readonly patientId: string | null;
  messages = $state.raw<readonly Message[]>([]);
  phrases = $state.raw<readonly Phrase[]>([]);
  side = $state<Schemas["Side"] | null>(null);
  waiting = $state.raw<readonly Waiting[]>([]);
  readonly unread: readonly Message[] = $derived(this.messages.filter(({ seen }) => !seen));
  /** Phrases that this side says. */
  readonly sayable: readonly Phrase[] = $derived(
    this.phrases.filter(({ sides }) => this.side !== null && sides.includes(this.side)),
  );
  #stop: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(incidentId: string, patientId: string | null) {
    this.incidentId = incidentId;
    this.patientId = patientId;
  }

  start(): () => void {
    this.#stop ??= live.onFact(({ type, payload }) => {
      if (type.startsWith("message.") && payload["incident_id"] === this.incidentId) this.reload();
    });
    untrack(() => void this.load());
    return () => {
      this.#stop?.();
      this.#stop = undefined;
      clearTimeout(this.#timer);
    };
  }

  reload(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), QUIET_MS);
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    const found = await quietly(async () => {
      if (this.phrases.length === 0) this.phrases = (await told(api.GET("/api/message-phrases"))).phrases;
      return told(api.GET("/api/incidents/{incident_id}/messages", { params: this.#params() }));
    });
    if (found === undefined || asked !== this.#asked) return;
    this.#take(found);
  }

  /** All that is shown was read, by whoever is here. */
  async read(): Promise<void> {
    const ids = this.unread.map(({ id }) => id);
    if (ids.length === 0) return;
    const path = { incident_id: this.incidentId };
    const body = { ids, patient_id: this.patientId };
    const found = await quietly(() =>
      told(orders.POST("/api/incidents/{incident_id}/messages/reads", { params: { path }, body })),
    );
    if (found === undefined) return;
    this.#asked += 1;
    this.#take(found);
  }

  /** Say something from a seat; what got no answer waits under its id, and is sent again by `again`. */
  async say({ phrase, words }: Said): Promise<void> {
    const one = { id: crypto.randomUUID(), phrase, words, atMs: live.clock.now(), refused: false };
    this.waiting = [...this.waiting, one];
    await this.#send(one);
    await this.read();
  }

  async again(): Promise<void> {
    for (const one of this.waiting) if (!one.refused) await this.#send(one);
  }

  async #send(one: Waiting): Promise<void> {
    const path = { incident_id: this.incidentId };
    const { id, phrase, words, atMs } = one;
    const body = { id, phrase, words, patient_id: this.patientId, at: new Date(atMs).toISOString() };
    try {
      await told(orders.POST("/api/incidents/{incident_id}/messages", { params: { path }, body }));
      this.waiting = this.waiting.filter((other) => other.id !== id);
      await this.load();
    } catch (error) {
      if (error instanceof NoAnswer) return;
      if (!(error instanceof Refusal)) throw error;
      this.waiting = this.waiting.map((other) => (other.id === id ? { ...other, refused: true } : other));
    }
  }

  #params(): { path: { incident_id: string }; query?: { patient_id: string } } {
    const path = { incident_id: this.incidentId };
    return this.patientId === null ? { path } : { path, query: { patient_id: this.patientId } };
  }

  #take(found: Schemas["MessagesOut"]): void {
    this.side = found.side;
    this.messages = found.messages;
  }
}

async function quietly<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof Refusal) return undefined;
    throw error;
  }
}
