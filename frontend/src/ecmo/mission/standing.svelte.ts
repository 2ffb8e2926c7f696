/** The mission's vehicle stands: said once, then what could take over, at every desk until another one is asked for. */

import { Acting } from "../../client/acting.svelte";
import { api, NoAnswer, orders, Refusal, told, type Schemas } from "../../client/api";
import { Asking } from "../../live/asking";

export type Broken = Schemas["BreakdownOut"];

const EVERY_MS = 10_000;
/** It has a vehicle again, or the mission is over. */
const GOES_ON = "ecmo_mission.vehicle";

export class Standing {
  readonly acting = new Acting();
  /** What could take over, and what is left. */
  told = $state.raw<Broken | null>(null);
  failed = $state<string | null>(null);
  #id: string | null = null;
  readonly #asking = new Asking(() => this.#look(), EVERY_MS, EVERY_MS);

  /** Follow a mission that stands until what is returned is called; null: it does not. */
  follow(missionId: string | null): () => void {
    this.#id = missionId;
    this.failed = null;
    if (missionId === null) {
      this.told = null;
      return () => undefined;
    }
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
      const found = await told(api.GET("/api/ecmo/missions/{mission_id}/reliefs", { params }));
      if (this.#id !== id) return;
      this.told = found;
      this.failed = null;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      if (this.#id !== id) return;
      if (error instanceof Refusal && error.code === GOES_ON) this.told = null;
      else this.failed = error instanceof Refusal ? error.code : "";
    }
  }

  /** Say that it stands; one event, however often it is pressed. */
  breakDown(missionId: string, body: Schemas["BreakdownIn"]): Promise<boolean> {
    const params = { path: { mission_id: missionId } };
    return this.acting.run(async () => {
      this.told = await told(orders.POST("/api/ecmo/missions/{mission_id}/breakdown", { params, body }));
    });
  }
}
