/** Searching a place while it is typed: the newest question wins, and the chosen one is told back in words. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { i18n } from "../i18n/index.svelte";
import { refusedWords } from "../i18n/refusals";

export type Hit = Schemas["HitOut"];
export type Described = Schemas["DescriptionOut"];

const QUIET_MS = 120;
const MOST = 8;

export class Places {
  hits = $state.raw<readonly Hit[]>([]);
  /** What the hits answer; "" while there are none. */
  answered = $state("");
  tookMs = $state<number | null>(null);
  failed = $state("");
  /** The chosen point in words. */
  described = $state.raw<Described | null>(null);
  /** Why the chosen one was to be looked at twice; "" if there is no reason. */
  doubt = $state("");
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  search(text: string, near: { lat: number; lon: number } | null): void {
    const mine = ++this.#asked;
    clearTimeout(this.#timer);
    const q = text.trim();
    if (q === "") {
      this.hits = [];
      this.answered = "";
      this.failed = "";
      return;
    }
    this.#timer = setTimeout(() => void this.#ask(mine, q, near), QUIET_MS);
  }

  async describe(lat: number, lon: number): Promise<void> {
    this.described = null;
    this.doubt = "";
    try {
      const query = { lat, lon, language: i18n.language };
      this.described = await told(api.GET("/api/places/describe", { params: { query } }));
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }

  forget(): void {
    this.search("", null);
    this.described = null;
    this.doubt = "";
    this.tookMs = null;
  }

  async #ask(mine: number, q: string, near: { lat: number; lon: number } | null): Promise<void> {
    const began = performance.now();
    try {
      const query = {
        q: q.slice(0, 200),
        limit: MOST,
        language: i18n.language,
        ...(near && { near_lat: near.lat, near_lon: near.lon }),
      };
      const { results } = await told(api.GET("/api/places", { params: { query } }));
      if (mine !== this.#asked) return;
      this.hits = results;
      this.answered = q;
      this.failed = "";
      this.tookMs = Math.round(performance.now() - began);
    } catch (error) {
      const failed = refusedWords(error);
      if (mine !== this.#asked) return;
      this.failed = failed;
      this.hits = [];
      this.answered = q;
    }
  }
}
