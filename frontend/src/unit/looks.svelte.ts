/** How this phone shows the page: its language, and by which light. Kept on the phone. */

import { i18n, LANGUAGES, type Language } from "../i18n/index.svelte";

export const LOOKS = ["night", "day", "sun"] as const;
export type Look = (typeof LOOKS)[number];
const STORED = "tarim.unit.looks.1";

class Looks {
  look = $state<Look>("night");

  open(): void {
    const kept = read();
    this.look = LOOKS.find((one) => one === kept.look) ?? "night";
    i18n.language = LANGUAGES.find((one) => one === kept.language) ?? "zh";
    this.#show();
  }

  set(change: { look?: Look; language?: Language }): void {
    this.look = change.look ?? this.look;
    i18n.language = change.language ?? i18n.language;
    this.#show();
    try {
      localStorage.setItem(STORED, JSON.stringify({ look: this.look, language: i18n.language }));
    } catch {
      // A browser that keeps nothing still shows it until the page is closed.
    }
  }

  #show(): void {
    const { documentElement: html } = document;
    html.lang = i18n.language;
    html.dir = i18n.direction;
    // Sunlight is the day with nothing pale in it.
    html.dataset.theme = this.look === "sun" ? "day" : this.look;
    html.classList.toggle("sun", this.look === "sun");
  }
}

function read(): { look?: unknown; language?: unknown } {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}") as { look?: unknown; language?: unknown };
  } catch {
    return {};
  }
}

export const looks = new Looks();
