/**
 * Whom to send: asked for the incident in hand while it waits, and again when its place or urgency changes, when the
 * unit in the first place is no longer free, and when the answer has grown old.
 */

import { api, told, type Schemas } from "../client/api";
import type { BoardIncident } from "../incidents/board.svelte";
import { refusedWords } from "../i18n/refusals";
import { live } from "../live/store.svelte";

export type Recommended = Schemas["RecommendationOut"];
export type Offer = Recommended["offers"][number];

/** An answer is asked for anew after so long, while the incident waits. */
const OLD_MS = 60_000;

/** However soon an answer grows out of date, the next is asked for after this at the earliest. */
const AGAIN_MS = 5_000;
/** Who goes through the board by key looks at each for less than this; milliseconds. */
const SETTLED_MS = 200;

/** Could go when the answer was made, and is no longer free: the board knows better than the list. */
export function isGone(offer: Offer): boolean {
  return offer.can_go && offer.diverted_from === null && live.units.get(offer.unit_id)?.available === false;
}

/** Can be sent now, as far as is known. */
export function canStillGo(offer: Offer): boolean {
  return offer.can_go && !isGone(offer);
}

class RecommendationState {
  /** Of the incident in hand; null while there is none. */
  value = $state.raw<Recommended | null>(null);
  /** Why there is none, in the service's words; "" when no answer came. */
  refused = $state<string | null>(null);
  asking = $state(false);
  /** Nothing here is of now. */
  readonly stale: boolean = $derived(!live.current);
  #asked = "";
  #askedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Follow the incident in hand: `$effect(() => recommendation.follow(incident))`. Every answer is stored for ever, so
   * one that has its units is asked about only when somebody wants to send more (`again`).
   */
  follow(incident: BoardIncident | undefined): void {
    const wanted = incident === undefined ? "" : subjectOf(incident);
    const changed = wanted !== this.#asked;
    if (changed && this.value?.incident_id !== incident?.id) {
      this.value = null;
      this.refused = null;
    }
    if (changed) {
      clearTimeout(this.#timer);
      this.asking = false;
    }
    this.#asked = wanted;
    if (incident === undefined || !incident.progress.waits || incident.row.lat === null || !live.current) return;
    if (!changed && (this.asking || !this.#outOfDate(incident.id))) return;
    this.#timer = setTimeout(() => void this.#ask(incident.id, wanted), changed ? SETTLED_MS : 0);
    this.asking = true;
  }

  /** Ask now, whether it waits or not. */
  again(incident: BoardIncident): void {
    clearTimeout(this.#timer);
    void this.#ask(incident.id, this.#asked);
  }

  /** The first choice has gone elsewhere, or the answer has grown old. */
  #outOfDate(incidentId: string): boolean {
    const known = this.value;
    if (known?.incident_id !== incidentId || live.clock.second - this.#askedAt < AGAIN_MS) return false;
    const first = known.chosen === null ? undefined : live.units.get(known.chosen);
    return first?.available === false || live.clock.second - Date.parse(known.at) >= OLD_MS;
  }

  async #ask(incident_id: string, wanted: string): Promise<void> {
    this.asking = true;
    this.#askedAt = live.clock.second;
    try {
      const path = { params: { path: { incident_id } } };
      const value = await told(api.POST("/api/incidents/{incident_id}/recommendation", { ...path, body: {} }));
      if (wanted !== this.#asked) return;
      this.value = value;
      this.refused = null;
    } catch (error) {
      if (wanted !== this.#asked) return;
      this.refused = refusedWords(error);
    } finally {
      if (wanted === this.#asked) this.asking = false;
    }
  }
}

/** Changes with whatever the answer depends on and the incident itself tells. */
function subjectOf({ row, units, progress }: BoardIncident): string {
  return [row.id, row.priority, row.place_version, row.capabilities, units.length, progress.waits, live.current].join(
    "|",
  );
}

export const recommendation = new RecommendationState();
