/**
 * How a person likes the screen: kept at the service with the account, so that it follows to another seat, and in this
 * browser too, for when the service is away. Nothing personal is in it.
 */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { i18n } from "../i18n/index.svelte";
import { changed, PLAIN, readLiked, type Liked, type Theme } from "./liked";

const STORED = "tarim.settings.1";
/** Several changes in a row are saved once; milliseconds. */
const QUIET_MS = 400;

class Settings {
  #liked = $state.raw<Liked>(PLAIN);
  /** What is here is saved at the service too. */
  saved = $state(false);
  #person = "";
  #version = 0;
  /** Chosen here, and not saved there yet. */
  #unsaved: Partial<Liked> = {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #busy = false;

  get liked(): Liked {
    return this.#liked;
  }

  get theme(): Theme {
    return this.#liked.theme;
  }

  /** What that person likes, as this browser knows it; before a login, what was liked last in it. */
  of(person: string): void {
    clearTimeout(this.#timer);
    this.#person = person;
    this.#version = 0;
    this.#unsaved = {};
    this.saved = false;
    this.#apply({ ...PLAIN, ...read(STORED), ...(person === "" ? {} : read(`${STORED}.${person}`)) });
  }

  set(change: Partial<Liked>): void {
    this.#apply({ ...this.#liked, ...change });
    this.#keep();
    if (this.#person === "") return;
    this.#unsaved = { ...this.#unsaved, ...change };
    this.saved = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.sync(), QUIET_MS);
  }

  /** Look as another window of this seat does; it is saved there. */
  show(liked: Liked): void {
    this.#apply(liked);
  }

  /** Take what the service has, then save what was chosen here since. Where no answer comes, it waits for the next time. */
  async sync(): Promise<void> {
    const person = this.#person;
    if (person === "" || this.#busy) return;
    this.#busy = true;
    try {
      const out = await told(api.GET("/api/session/settings"));
      if (person !== this.#person) return;
      this.#take(out);
      if (changed(this.#unsaved)) await this.#save(person);
      this.saved = person === this.#person && this.#version > 0 && !changed(this.#unsaved);
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      // Another seat of the same person saved in between: what is there now is taken first.
      if (error instanceof Refusal && error.code === "settings.outdated") this.#again();
    } finally {
      this.#busy = false;
    }
  }

  async #save(person: string): Promise<void> {
    const sent = this.#unsaved;
    const body = { version: this.#version, settings: this.#liked };
    const out = await told(api.PUT("/api/session/settings", { body }));
    if (person !== this.#person) return;
    this.#version = out.version;
    // Chosen while it was on its way.
    if (this.#unsaved === sent) this.#unsaved = {};
    else this.#again();
  }

  #take({ version, settings }: Schemas["SettingsOut"]): void {
    this.#version = version;
    if (settings !== null) this.#apply({ ...this.#liked, ...readLiked(settings), ...this.#unsaved });
    this.#keep();
  }

  #again(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.sync(), QUIET_MS);
  }

  #keep(): void {
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
    const { incidents_px, selected_px, units_px } = liked.layout;
    html.style.setProperty("--start-liked", `${incidents_px}px`);
    html.style.setProperty("--end-liked", `${selected_px}px`);
    html.style.setProperty("--below-track", `${units_px}px`);
  }
}

function read(key: string): Partial<Liked> {
  try {
    return readLiked(JSON.parse(localStorage.getItem(key) ?? "{}"));
  } catch {
    return {};
  }
}

export const settings = new Settings();
