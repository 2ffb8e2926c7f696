/** Who is brought to one's own hospital: asked every other second, and whenever the journal tells of something. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { live } from "../live/store.svelte";

export type Inbound = Schemas["InboundOut"];

const EVERY_MS = 2_000;
/** Facts come in flocks. */
const GATHER_MS = 200;

class Inbounds {
  /** Null: not told yet; an empty board is another thing. */
  present = $state.raw<Schemas["InboundsOut"] | null>(null);
  /** When it was told, by the service's clock; milliseconds. */
  toldAt = $state<number | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopFacts: (() => void) | null = null;
  #going = false;

  start(): void {
    this.#going = true;
    this.#stopFacts = live.onFact(() => this.#soon(GATHER_MS));
    void this.look();
  }

  stop(): void {
    this.#going = false;
    this.#stopFacts?.();
    clearTimeout(this.#timer);
  }

  async look(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      this.present = await told(api.GET("/api/er/inbound"));
      live.clock.heard(this.present.now);
      this.toldAt = Date.parse(this.present.now);
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
    if (this.#going) this.#soon(EVERY_MS);
  }

  #soon(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), afterMs);
  }
}

export const inbounds = new Inbounds();
