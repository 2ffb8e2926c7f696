/** Requests for ECMO that one may see: asked every other second, and whenever the journal tells of something. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { play } from "../alarms/sounds";
import { live } from "../live/store.svelte";
import { session } from "../session/session.svelte";
import { settings } from "../shell/settings.svelte";
import { date } from "../format/time";

export type Row = Schemas["RequestsOut"]["requests"][number];

const EVERY_MS = 3_000;
/** Facts come in flocks. */
const GATHER_MS = 200;
const OF_ECMO = "ecmo";
/** Between two bursts of sound, while whoever is here is called. */
const SOUND_MS = 5_000;

class Requests {
  /** Null: not told yet; an empty list is another thing. */
  rows = $state.raw<readonly Row[] | null>(null);
  /** When it was told, by the service's clock; milliseconds. */
  toldAt = $state<number | null>(null);
  failed = $state(false);
  /** How far back those that are over are told; null: none of them. */
  hours = $state<number | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopFacts: (() => void) | null = null;
  #going = false;
  #sounding: ReturnType<typeof setInterval> | undefined;
  readonly awaiting: number = $derived((this.rows ?? []).filter(({ state }) => state === "asked").length);
  /** Those for which whoever looks is called, the first asked first. */
  readonly ringing: readonly Row[] = $derived(
    (this.rows ?? []).filter((one) => one.rings_me).sort((a, b) => (a.asked_at ?? "").localeCompare(b.asked_at ?? "")),
  );
  readonly today: number = $derived.by(() => {
    const now = this.toldAt;
    if (now === null) return 0;
    const day = date(now);
    return (this.rows ?? []).filter(({ created_at }) => date(Date.parse(created_at)) === day).length;
  });

  /** Whoever has a role on this page may ask; the service has the last word. */
  get mayAsk(): boolean {
    return session.who !== null;
  }

  start(): void {
    this.#going = true;
    this.#stopFacts = live.onFact(({ type }) => {
      if (type.startsWith(OF_ECMO)) this.#soon(GATHER_MS);
    });
    this.#sounding = setInterval(() => void this.sound(), SOUND_MS);
    void this.look();
  }

  stop(): void {
    this.#going = false;
    clearInterval(this.#sounding);
    this.#stopFacts?.();
    clearTimeout(this.#timer);
  }

  async look(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const { hours } = this;
      const found = await told(api.GET("/api/ecmo/requests", { params: { query: hours === null ? {} : { hours } } }));
      live.clock.heard(found.at);
      // Another span was chosen meanwhile: its own answer comes.
      if (hours !== this.hours) return;
      const before = this.ringing.length;
      this.rows = found.requests;
      if (this.ringing.length > before) void this.sound();
      this.toldAt = Date.parse(found.at);
      this.failed = false;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      this.failed = true;
    }
    if (this.#going) this.#soon(EVERY_MS);
  }

  /** Show those too that are over, as far back as this. */
  span(hours: number | null): void {
    if (hours === this.hours) return;
    this.hours = hours;
    this.rows = null;
    void this.look();
  }

  /** Somebody is called: it sounds until a case is open, or another one has it. An arrest sounds more urgently. */
  async sound(): Promise<void> {
    if (this.ringing.length === 0 || live.lost) return;
    const urgent = this.ringing.some(({ mode }) => mode === "ecpr");
    await play(urgent ? "high" : "medium", settings.liked.volume);
  }

  #soon(afterMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), afterMs);
  }
}

export const requests = new Requests();
