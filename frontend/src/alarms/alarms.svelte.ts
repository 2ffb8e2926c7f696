/**
 * The alarms of this seat: latched, confirmed by name, muted for two minutes and never for ever. Confirmations are kept
 * by this seat alone until the service keeps them.
 */

import { incidentBoard } from "../incidents/board.svelte";
import { live } from "../live/store.svelte";
import { session } from "../session/session.svelte";
import { settings } from "../shell/settings.svelte";
import { fleet } from "../units/fleet.svelte";
import { crewCalls } from "./crewCalls.svelte";
import { confirmedBy, foremost, latched, type Latch, type Latched } from "./latch";
import { openGates } from "./openGates.svelte";
import { receivingAlarms } from "./receivingAlarms.svelte";
import { CALL, conditions, type Urgency } from "./rules";
import { play } from "./sounds";
import { unwatched } from "./unwatched.svelte";

export const MUTE_MS = 120_000;
/** An alarm that nobody confirms sounds again after so long. */
const AGAIN_MS: Record<Urgency, number> = { high: 10_000, medium: 30_000, low: 120_000 };

class Alarms {
  latch = $state.raw<Latch>(new Map());
  mutedUntil = $state(0);
  /** The browser lets no sound out before somebody has touched the page. */
  silenced = $state(false);
  #sounded = 0;

  readonly next: Latched | undefined = $derived(foremost(this.latch));
  readonly mutedMs: number = $derived(Math.max(0, this.mutedUntil - live.clock.second));

  /** Look once a second: `$effect(() => alarms.look())`. */
  look(): void {
    const now = live.clock.second;
    // What is not known is no cause for an alarm, and a link that was never there has lost nothing.
    const lostSince = live.lost && live.trueUntil !== null ? live.trueUntil : null;
    const others = [...receivingAlarms.open, ...unwatched.open, ...openGates.open];
    const found = conditions(incidentBoard.all, fleet.all, now, lostSince, crewCalls.open, others);
    this.latch = latched(this.latch, found, now);
    this.#sound(now);
  }

  confirm(): void {
    const { next } = this;
    if (next === undefined) return;
    if (next.id.startsWith(CALL)) void this.#answer(next.id);
    else this.#confirmed(next.id);
  }

  /** A crew waits for this one: it counts as confirmed once the service has it. */
  async #answer(id: string): Promise<void> {
    if (await crewCalls.acknowledge(id.slice(CALL.length))) this.#confirmed(id);
  }

  #confirmed(id: string): void {
    this.latch = confirmedBy(this.latch, id, session.who?.display_name ?? "", live.clock.second);
  }

  mute(): void {
    this.mutedUntil = this.mutedMs > 0 ? 0 : live.clock.second + MUTE_MS;
  }

  #sound(now: number): void {
    const { next } = this;
    if (next === undefined || this.mutedMs > 0) return;
    if (next.raisedAt <= this.#sounded && now - this.#sounded < AGAIN_MS[next.urgency]) return;
    this.#sounded = now;
    void play(next.urgency, settings.liked.volume).then((heard) => (this.silenced = !heard));
  }
}

export const alarms = new Alarms();
