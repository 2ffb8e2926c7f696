/**
 * The ways along the roads that the map shows for the incident in hand: those being driven, the first choice's, and that of
 * the offer under the pointer. Asked for once each; a way being driven is asked for again as its vehicle comes nearer.
 */

import { api, told } from "../client/api";
import type { Line } from "./geojson";

const AGAIN_MS = 20_000;
const MOST = 60;
const DRIVEN = "a:";

class Routes {
  /** Lines by what was asked for. */
  #lines = $state.raw<ReadonlyMap<string, Line>>(new Map());
  readonly #asked = new Map<string, number>();

  /** The way of a unit under way; `undefined` until it is there. */
  taken(assignmentId: string, now: number): Line | undefined {
    const key = `${DRIVEN}${assignmentId}`;
    this.#ask(key, now, AGAIN_MS, async () => {
      const path = { assignment_id: assignmentId };
      return lineOf(await told(api.GET("/api/assignments/{assignment_id}/path", { params: { path } })));
    });
    return this.#lines.get(key);
  }

  /** The way that an offer would take. */
  offered(recommendationId: string, unitId: string, now: number): Line | undefined {
    const key = `r:${recommendationId}:${unitId}`;
    this.#ask(key, now, Infinity, async () => {
      const params = { path: { recommendation_id: recommendationId }, query: { unit_id: unitId } };
      return lineOf(await told(api.GET("/api/recommendations/{recommendation_id}/path", { params })));
    });
    return this.#lines.get(key);
  }

  /** A road was closed or opened: the ways being driven may be others, and are asked for at the next drawing. */
  doubt(): void {
    for (const key of this.#asked.keys()) if (key.startsWith(DRIVEN)) this.#asked.delete(key);
  }

  #ask(key: string, now: number, again: number, load: () => Promise<Line>): void {
    const before = this.#asked.get(key);
    if (before !== undefined && now - before < again) return;
    this.#asked.set(key, now);
    void load().then(
      (line) => {
        const kept = [...this.#lines].filter(([other]) => other !== key).slice(1 - MOST);
        this.#lines = new Map([...kept, [key, line]]);
      },
      // No way is drawn; the panel tells why there is no road.
      () => undefined,
    );
  }
}

function lineOf(answer: { geometry: unknown }): Line {
  const { coordinates } = answer.geometry as { coordinates: Line };
  return coordinates;
}

export const routes = new Routes();
