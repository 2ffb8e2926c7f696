/**
 * How a person likes the screen. Kept in this browser only, by person, until the service keeps it: the settings dialog
 * says so. Nothing personal is in it.
 */

import { i18n, LANGUAGES, type Language } from "../i18n/index.svelte";

export const THEMES = ["night", "day", "wall"] as const;
export type Theme = (typeof THEMES)[number];

export interface Liked {
  language: Language;
  theme: Theme;
}

const PLAIN: Liked = { language: "zh", theme: "night" };
const STORED = "tarim.settings.1";

class Settings {
  #liked = $state.raw<Liked>(PLAIN);
  #person = "";

  get theme(): Theme {
    return this.#liked.theme;
  }

  /** What that person likes; before a login, what was liked last in this browser. */
  of(person: string): void {
    this.#person = person;
    this.#apply({ ...PLAIN, ...read(STORED), ...(person === "" ? {} : read(`${STORED}.${person}`)) });
  }

  set(change: Partial<Liked>): void {
    this.#apply({ ...this.#liked, ...change });
    const text = JSON.stringify(this.#liked);
    try {
      localStorage.setItem(STORED, text);
      if (this.#person !== "") localStorage.setItem(`${STORED}.${this.#person}`, text);
    } catch {
      // A browser that keeps nothing still shows it until the page is closed.
    }
  }

  #apply(liked: Liked): void {
    this.#liked = liked;
    i18n.language = liked.language;
    const { documentElement: html } = document;
    html.lang = liked.language;
    html.dir = i18n.direction;
    html.dataset.theme = liked.theme;
  }
}

function read(key: string): Partial<Liked> {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "{}") as Record<string, unknown>;
    const language = LANGUAGES.find((one) => one === kept.language);
    const theme = THEMES.find((one) => one === kept.theme);
    return { ...(language && { language }), ...(theme && { theme }) };
  } catch {
    return {};
  }
}

export const settings = new Settings();
