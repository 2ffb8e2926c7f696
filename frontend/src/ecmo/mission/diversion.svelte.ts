/** Where else the patient could be taken, asked again and again once the circuit runs; and the vehicle that stands. */

import { Acting } from "../../client/acting.svelte";
import { api, NoAnswer, orders, Refusal, told, type Schemas } from "../../client/api";

export type Havens = Schemas["HavensOut"];
export type Broken = Schemas["BreakdownOut"];

const EVERY_MS = 10_000;

export class Diversion {
  readonly acting = new Acting();
  told = $state.raw<Havens | null>(null);
  /** What was told as the vehicle was said to stand: what could take over, and what is left. */
  broken = $state.raw<Broken | null>(null);
  failed = $state<string | null>(null);
  #id: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #question = 0;

  /** Follow a mission until what is returned is called; null: nothing is asked. */
  follow(missionId: string | null): () => void {
    this.#id = missionId;
    this.told = null;
    this.failed = null;
    if (missionId === null) return () => undefined;
    void this.look();
    return () => {
      this.#id = null;
      clearTimeout(this.#timer);
    };
  }

  async look(): Promise<void> {
    clearTimeout(this.#timer);
    const id = this.#id;
    if (id === null) return;
    const question = ++this.#question;
    try {
      const params = { path: { mission_id: id } };
      const found = await told(api.GET("/api/ecmo/missions/{mission_id}/diversions", { params }));
      if (question !== this.#question || this.#id !== id) return;
      this.told = found;
      this.failed = null;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      if (question !== this.#question) return;
      this.failed = error instanceof Refusal ? error.code : "";
    }
    if (this.#id !== null) this.#timer = setTimeout(() => void this.look(), EVERY_MS);
  }

  async divert(missionId: string, body: Schemas["DivertIn"]): Promise<boolean> {
    const params = { path: { mission_id: missionId } };
    const done = await this.acting.run(async () => {
      await told(orders.POST("/api/ecmo/missions/{mission_id}/diversion", { params, body }));
    });
    void this.look();
    return done;
  }

  /** Say that the vehicle stands; one event, however often it is pressed. */
  breakDown(missionId: string, body: Schemas["BreakdownIn"]): Promise<boolean> {
    const params = { path: { mission_id: missionId } };
    return this.acting.run(async () => {
      this.broken = await told(orders.POST("/api/ecmo/missions/{mission_id}/breakdown", { params, body }));
    });
  }
}
