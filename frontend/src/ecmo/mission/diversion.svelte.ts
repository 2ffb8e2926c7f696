/** Where else the patient could be taken, asked again and again once the circuit runs. */

import { Acting } from "../../client/acting.svelte";
import { api, NoAnswer, orders, Refusal, told, type Schemas } from "../../client/api";
import { Asking } from "../../live/asking";

export type Havens = Schemas["HavensOut"];

const EVERY_MS = 10_000;

export class Diversion {
  readonly acting = new Acting();
  told = $state.raw<Havens | null>(null);
  failed = $state<string | null>(null);
  #id: string | null = null;
  readonly #asking = new Asking(() => this.#look(), EVERY_MS, EVERY_MS);

  /** Follow a mission until what is returned is called; null: nothing is asked. */
  follow(missionId: string | null): () => void {
    this.#id = missionId;
    this.told = null;
    this.failed = null;
    if (missionId === null) return () => undefined;
    this.#asking.start();
    return () => {
      this.#id = null;
      this.#asking.stop();
    };
  }

  async #look(): Promise<void> {
    const id = this.#id;
    if (id === null) return;
    try {
      const params = { path: { mission_id: id } };
      const found = await told(api.GET("/api/ecmo/missions/{mission_id}/diversions", { params }));
      if (this.#id !== id) return;
      this.told = found;
      this.failed = null;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      if (this.#id === id) this.failed = error instanceof Refusal ? error.code : "";
    }
  }

  async divert(missionId: string, body: Schemas["DivertIn"]): Promise<boolean> {
    const params = { path: { mission_id: missionId } };
    const done = await this.acting.run(async () => {
      await told(orders.POST("/api/ecmo/missions/{mission_id}/diversion", { params, body }));
    });
    void this.#asking.now();
    return done;
  }
}
