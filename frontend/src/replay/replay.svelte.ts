/** A past hour of the region, played on the map. While it is open nothing on the screen is of now, and nothing is ordered. */

import { api, told, type Schemas } from "../client/api";
import { holdOrders } from "../client/gate";
import { i18n } from "../i18n/index.svelte";
import { refusedWords } from "../i18n/refusals";
import { live } from "../live/store.svelte";
import { toldGeo } from "../map/geojson";
import { spotAt, type Point, type Spot } from "./track";

export type Past = Schemas["ReplayOut"];
export type Closed = Schemas["ClosedFeatureOut"];
export type Happened = Schemas["HappenedOut"] & { ms: number };

export const SPEEDS = [1, 4, 8, 30, 60] as const;
const WINDOW_MS = 3_600_000;
const BEAT_MS = 100;
/** Of the tracks: one position per unit in so many seconds. */
const EVERY_S = 10;
/** A state is asked for at most once in this time. */
const ASK_MS = 1_000;
/** Where the replay begins when no moment is named. */
const BACK_MS = 600_000;

interface Span {
  from: number;
  until: number;
  tracks: ReadonlyMap<string, readonly Point[]>;
  happened: readonly Happened[];
}

class Replay {
  /** The moment that is shown, in milliseconds since 1970; null: now is shown. */
  at = $state<number | null>(null);
  playing = $state(false);
  speed = $state<(typeof SPEEDS)[number]>(8);
  /** The hour that the slider shows. */
  span = $state.raw<Span | null>(null);
  past = $state.raw<Past | null>(null);
  /** Roads that were closed or slowed at the moment shown. */
  closed = $state.raw<readonly Closed[]>([]);
  /** Why nothing can be shown; "" when no answer came. */
  trouble = $state<string | null>(null);
  readonly on: boolean = $derived(this.at !== null);
  #timer: ReturnType<typeof setInterval> | undefined;
  #asking = false;
  #askedAt = 0;

  constructor() {
    holdOrders(() => (this.at === null ? null : i18n.t.replay.held));
  }

  /** Show the region as it was; without a moment, ten minutes ago. */
  open(at: number = live.clock.now() - BACK_MS): void {
    this.playing = false;
    this.goTo(at);
    this.#timer ??= setInterval(() => this.#beat(), BEAT_MS);
  }

  /** Back to now. */
  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    Object.assign(this, { at: null, playing: false, span: null, past: null, closed: [], trouble: null });
  }

  goTo(at: number): void {
    const newest = live.clock.now() - ASK_MS;
    this.at = Math.min(at, newest);
    if (at >= newest) this.playing = false;
    if (this.span === null || this.at < this.span.from || this.at > this.span.until) void this.#load(this.at);
    this.#ask();
  }

  /** To the next thing that happened (1) or to the one before (-1). */
  step(way: 1 | -1): void {
    const { at, span } = this;
    if (at === null || span === null) return;
    this.playing = false;
    const moments = span.happened.map(({ ms }) => ms);
    // Just after it, so that it has happened.
    const found = way > 0 ? moments.find((ms) => ms > at) : moments.findLast((ms) => ms < at - ASK_MS);
    this.goTo(found === undefined ? (way > 0 ? span.until : span.from) : found + 1);
  }

  faster(way: 1 | -1): void {
    const next = SPEEDS[SPEEDS.indexOf(this.speed) + way];
    if (next !== undefined) this.speed = next;
  }

  /** Where a unit was at the moment shown; undefined where its track says nothing. */
  spot(unitId: string): (Spot & { fixAt: number }) | undefined {
    const { at, span } = this;
    const points = span?.tracks.get(unitId);
    if (at === null || span === null || points === undefined) return undefined;
    const found = spotAt(points, (at - span.from) / 1_000);
    return found && { ...found, fixAt: span.from + found.fixS * 1_000 };
  }

  #beat(): void {
    if (this.at === null) return;
    if (this.playing) this.goTo(this.at + BEAT_MS * this.speed);
    else this.#ask();
  }

  /** The state of the moment, where another one is shown; never two questions at a time. */
  #ask(): void {
    const { at } = this;
    const shown = this.past === null ? null : Date.parse(this.past.at);
    if (at === null || this.#asking || shown === at || performance.now() - this.#askedAt < ASK_MS) return;
    this.#asking = true;
    this.#askedAt = performance.now();
    void this.#read(async () => {
      const query = { at: new Date(at).toISOString() };
      const [past, closed] = await Promise.all([
        told(api.GET("/api/replay", { params: { query } })),
        toldGeo<"ClosedRoadsOut">(api.GET("/api/closures/roads", { params: { query } })),
      ]);
      if (this.at === null) return;
      this.past = past;
      this.closed = closed.features;
    }).finally(() => (this.#asking = false));
  }

  async #load(at: number): Promise<void> {
    const until = Math.min(at + WINDOW_MS / 2, live.clock.now());
    const from = until - WINDOW_MS;
    this.span = { from, until, tracks: new Map(), happened: [] };
    await this.#read(async () => {
      const query = { from: new Date(from).toISOString(), until: new Date(until).toISOString(), every_s: EVERY_S };
      const span = await told(api.GET("/api/replay/track", { params: { query } }));
      if (this.span?.from !== from) return;
      const tracks = new Map(span.tracks.map(({ unit_id, points }) => [unit_id, points as Point[]]));
      const happened = span.happened.map((one) => ({ ...one, ms: Date.parse(one.at) }));
      this.span = { from, until, tracks, happened };
    });
  }

  async #read(act: () => Promise<void>): Promise<void> {
    try {
      await act();
      this.trouble = null;
    } catch (error) {
      this.playing = false;
      this.trouble = refusedWords(error);
    }
  }
}

export const replay = new Replay();
