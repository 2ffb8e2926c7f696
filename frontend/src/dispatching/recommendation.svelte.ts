/**
 * Whom to send: asked for the incident in hand while it waits, and again when its place or urgency changes, when the
 * unit in the first place is no longer free, and when the answer has grown old.
 */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import type { BoardIncident } from "../incidents/board.svelte";
import { live } from "../live/store.svelte";

export type Recommended = Schemas["RecommendationOut"];
export type Offer = Recommended["offers"][number];

/** An answer is asked for anew after so long, while the incident waits. */
const OLD_MS = 60_000;

class RecommendationState {
  /** Of the incident in hand; null while there is none. */
  value = $state.raw<Recommended | null>(null);
  /** Why there is none, in the service's words. */
  refused = $state<string | null>(null);
  asking = $state(false);
  /** Nothing here is of now. */
  readonly stale: boolean = $derived(!live.current);
  #asked = "";

  /** Follow the incident in hand: `$effect(() => recommendation.follow(incident))`. */
  follow(incident: BoardIncident | undefined): void {
    const wanted = incident === undefined ? "" : this.#reason(incident);
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    if (this.value?.incident_id !== incident?.id) {
      this.value = null;
      this.refused = null;
    }
    if (incident !== undefined && live.current) void this.#ask(incident.id, wanted);
  }

  /** Ask again now. */
  again(incident: BoardIncident): void {
    void this.#ask(incident.id, this.#asked);
  }

  /** Changes whenever another answer is due. */
  #reason({ row, progress, units }: BoardIncident): string {
    const known = this.value?.incident_id === row.id ? this.value : null;
    const first = known?.chosen ?? null;
    const gone = first !== null && live.units.get(first)?.available === false;
    const old = progress.waits && known !== null ? Math.floor((live.clock.second - Date.parse(known.at)) / OLD_MS) : 0;
    return [row.id, row.priority, row.place_version, row.capabilities, units.length, gone, old, live.current].join("|");
  }

  async #ask(incident_id: string, wanted: string): Promise<void> {
    this.asking = true;
    try {
      const path = { params: { path: { incident_id } } };
      const value = await told(api.POST("/api/incidents/{incident_id}/recommendation", { ...path, body: {} }));
      if (wanted !== this.#asked) return;
      this.value = value;
      this.refused = null;
    } catch (error) {
      if (wanted !== this.#asked) return;
      if (error instanceof Refusal) this.refused = error.message;
      else if (error instanceof NoAnswer) this.refused = "";
      else throw error;
    } finally {
      this.asking = false;
    }
  }
}

export const recommendation = new RecommendationState();
