/** The rosters of all ECMO centres, asked for again and again while they are looked at. */

import { Acting } from "../../client/acting.svelte";
import { api, NoAnswer, orders, Refusal, told, type Schemas } from "../../client/api";
import { Asking } from "../../live/asking";
import { live } from "../../live/store.svelte";
import type { Centre } from "./callers";

const EVERY_MS = 15_000;
const GATHER_MS = 200;
const DAYS = 14;
const OF_ROSTER = "ecmo.on_call";

export class Callers {
  readonly acting = new Acting();
  centres = $state.raw<readonly Centre[] | null>(null);
  /** Why nothing newer is shown: a code, "" for no answer; null: nothing is wrong. */
  failed = $state<string | null>(null);
  readonly #asking = new Asking(() => this.#look(), EVERY_MS, GATHER_MS);

  start(): () => void {
    const hush = live.onFact(({ type }) => {
      if (type.startsWith(OF_ROSTER)) this.#asking.soon();
    });
    this.#asking.start();
    return () => {
      hush();
      this.#asking.stop();
    };
  }

  enter(hospital_id: string, body: Schemas["OnCallIn"]): Promise<boolean> {
    return this.#do(async () => {
      await told(orders.POST("/api/ecmo/centres/{hospital_id}/on-call", { params: { path: { hospital_id } }, body }));
    });
  }

  withdraw(on_call_id: string): Promise<boolean> {
    return this.#do(async () => {
      await told(orders.DELETE("/api/ecmo/on-call/{on_call_id}", { params: { path: { on_call_id } } }));
    });
  }

  async #do(act: () => Promise<void>): Promise<boolean> {
    const done = await this.acting.run(act);
    await this.#asking.now();
    return done;
  }

  async #look(): Promise<void> {
    try {
      this.centres = (await told(api.GET("/api/ecmo/centres", { params: { query: { days: DAYS } } }))).centres;
      this.failed = null;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      this.failed = error instanceof Refusal ? error.code : "";
    }
  }
}
