/** ECMO transfers that left through an open gate, or are about to: asked for whenever the link says that something changed. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { i18n } from "../i18n/index.svelte";
import { live } from "../live/store.svelte";
import { warned } from "./gates";
import type { Condition } from "./rules";

const ABOUT = /^(?:ecmo|assignment|unit)\./;
const EVERY_MS = 15_000;

class OpenGates {
  all = $state.raw<readonly Schemas["GateOut"][]>([]);
  #asked = 0;

  readonly open: readonly Condition[] = $derived(this.all.map((one) => warned(one, i18n.t.gates, i18n.language)));

  /** Ask now and again, and whenever something changes; returns how to stop. */
  follow(): () => void {
    void this.look();
    const timer = setInterval(() => void this.look(), EVERY_MS);
    const hush = live.onFact(({ type }) => {
      if (ABOUT.test(type)) void this.look();
    });
    return () => {
      clearInterval(timer);
      hush();
    };
  }

  async look(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const answer = await told(api.GET("/api/ecmo/gates"));
      if (asked === this.#asked) this.all = answer.gates;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }
}

export const openGates = new OpenGates();
