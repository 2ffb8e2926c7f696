/** Who is brought to one's own hospital: asked every other second, and whenever the journal tells of something. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { Asking } from "../live/asking";
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
  readonly #asking = new Asking(() => this.#look(), EVERY_MS, GATHER_MS);
  #stopFacts: (() => void) | null = null;

  start(): void {
    this.#stopFacts = live.onFact(() => this.#asking.soon());
    this.#asking.start();
  }

  stop(): void {
    this.#stopFacts?.();
    this.#asking.stop();
  }

  async #look(): Promise<void> {
    try {
      this.present = await told(api.GET("/api/er/inbound"));
      live.clock.heard(this.present.now);
      this.toldAt = Date.parse(this.present.now);
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }
}

export const inbounds = new Inbounds();
