/** A message that comes is heard once, softly and unlike any alarm; how many are unread stands in the page's title. */

import { playNews } from "../alarms/sounds";
import type { Schemas } from "../client/api";
import { live } from "../live/store.svelte";
import { settings } from "../shell/settings.svelte";
import { titled, unreadAfter } from "./unread";

/** Messages come in flocks; one sound is enough. */
const QUIET_MS = 3_000;

class News {
  #unread: ReadonlySet<string> = new Set();
  #heardAt = -QUIET_MS;

  /** Listen as `side`; hushed: nothing may be heard now. Returns how to stop. */
  follow(side: Schemas["Side"], hushed: () => boolean): () => void {
    const stop = live.onFact((fact) => {
      const before = this.#unread.size;
      this.#unread = unreadAfter(this.#unread, fact, side);
      document.title = titled(document.title, this.#unread.size);
      if (this.#unread.size > before && !hushed()) this.#hear();
    });
    return () => {
      stop();
      this.#unread = new Set();
      document.title = titled(document.title, 0);
    };
  }

  #hear(): void {
    if (performance.now() - this.#heardAt < QUIET_MS) return;
    this.#heardAt = performance.now();
    void playNews(settings.liked.volume);
  }
}

export const news = new News();
