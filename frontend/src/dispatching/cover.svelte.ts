/**
 * What cover an offer takes away: asked for once for each offer that is looked at, one after the other, so that the
 * recommendation itself waits for none of it. A gap leaves the row without it.
 */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { live } from "../live/store.svelte";

export type Cover = Schemas["CoverOut"];
export type StationCover = Cover["stations"][number];

/** So many answers are kept. */
const MOST = 60;

class Covers {
  #known = $state.raw<ReadonlyMap<string, Cover>>(new Map());
  readonly #asked = new Set<string>();
  #last: Promise<void> = Promise.resolve();

  of(recommendationId: string, unitId: string): Cover | undefined {
    return this.#known.get(keyOf(recommendationId, unitId));
  }

  ask(recommendationId: string, unitId: string): void {
    const key = keyOf(recommendationId, unitId);
    if (this.#asked.has(key) || !live.current) return;
    this.#asked.add(key);
    this.#last = this.#last.then(() => this.#ask(key, recommendationId, unitId));
  }

  async #ask(key: string, recommendation_id: string, unit_id: string): Promise<void> {
    try {
      const params = { path: { recommendation_id }, query: { unit_id } };
      const cover = await told(api.GET("/api/recommendations/{recommendation_id}/cover", { params }));
      this.#known = new Map([...this.#known, [key, cover] as const].slice(-MOST));
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      this.#asked.delete(key);
    }
  }
}

function keyOf(recommendationId: string, unitId: string): string {
  return `${recommendationId}|${unitId}`;
}

export const covers = new Covers();
