/** Alarms of a case that is open: acknowledged by name, heard until then, quiet for two minutes and never for ever. */

import { play } from "../../alarms/sounds";
import { api, told } from "../../client/api";
import { troubleWords } from "../../i18n/refusals";
import { settings } from "../../shell/settings.svelte";
import { AGAIN_MS, foremost, MUTE_MS, waiting, type Alarm } from "./alarms";
import type { MeasuredNow } from "./measured.svelte";

export class CaseAlarms {
  mutedUntil = $state(0);
  busy = $state(false);
  trouble = $state("");
  readonly #following: MeasuredNow;
  readonly #requestId: string;
  #sounded = -Infinity;
  #sounding = "";

  readonly all: readonly Alarm[] = $derived.by(() => this.#following.told?.alarms ?? []);
  readonly next: Alarm | undefined = $derived.by(() => foremost(this.all));
  readonly open: number = $derived.by(() => waiting(this.all).length);

  constructor(requestId: string, following: MeasuredNow) {
    this.#requestId = requestId;
    this.#following = following;
  }

  async acknowledge(alarm: Alarm): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.trouble = "";
    try {
      const params = { path: { request_id: this.#requestId, detection_id: alarm.id } };
      const path = "/api/ecmo/requests/{request_id}/alarms/{detection_id}/acknowledgements" as const;
      await told(api.POST(path, { params, body: { version: alarm.version } }));
    } catch (error) {
      this.trouble = troubleWords(error);
    }
    await this.#following.look();
    this.busy = false;
  }

  mute(now: number): void {
    this.mutedUntil = this.mutedUntil > now ? 0 : now + MUTE_MS;
  }

  /** Once a second: what waits is heard. */
  sound(now: number): void {
    const first = waiting(this.all)[0];
    if (first?.priority == null || this.mutedUntil > now) return;
    if (first.id === this.#sounding && now - this.#sounded < AGAIN_MS[first.priority]) return;
    this.#sounding = first.id;
    this.#sounded = now;
    void play(first.priority, settings.liked.volume);
  }
}
