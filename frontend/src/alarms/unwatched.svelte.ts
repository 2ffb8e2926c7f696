/** Patients whose data are kept but not looked at for alarms in time: asked for every few seconds. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { live } from "../live/store.svelte";
import { behind } from "./behind";
import type { Condition } from "./rules";

const EVERY_MS = 5_000;

class Unwatched {
  #all = $state.raw<readonly Schemas["UnwatchedOut"][]>([]);

  /** One for all of them: whoever looks for alarms looks for all. */
  readonly open: readonly Condition[] = $derived(
    behind(this.#all, (unitId) => live.units.get(unitId)?.call_sign ?? ""),
  );

  /** Ask now and again; returns how to stop. */
  follow(): () => void {
    void this.look();
    const timer = setInterval(() => void this.look(), EVERY_MS);
    return () => clearInterval(timer);
  }

  async look(): Promise<void> {
    try {
      this.#all = (await told(api.GET("/api/detections"))).unwatched;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }
}

export const unwatched = new Unwatched();
