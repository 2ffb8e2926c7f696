/** What hospitals can take now, and what is said of it from here: asked every few seconds while somebody looks. */

import { SvelteMap, SvelteSet } from "svelte/reactivity";
import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { i18n } from "../i18n/index.svelte";
import { troubleWords } from "../i18n/refusals";
import { Asking } from "../live/asking";
import { duty, type Present } from "../session/duty.svelte";

export type House = Schemas["HospitalOut"];

/** No board is told of it. */
const EVERY_MS = 5_000;
const GATHER_MS = 200;

class Houses {
  /** Null: not told yet. */
  all = $state.raw<readonly House[] | null>(null);
  repeated = $state.raw<readonly Schemas["RepeatedOut"][]>([]);
  /** The dispatcher has them open. */
  shown = $state(false);
  readonly busy = new SvelteSet<string>();
  readonly #troubles = new SvelteMap<string, string>();
  readonly #asking = new Asking(() => this.#look(), EVERY_MS, GATHER_MS);
  /** How many look. */
  #looking = 0;

  start(): () => void {
    if (this.#looking++ === 0) this.#asking.start();
    void duty.look();
    return () => {
      if (--this.#looking === 0) this.#asking.stop();
    };
  }

  find(key: string | null): House | undefined {
    return this.all?.find((one) => one.key === key);
  }

  nameOf(key: string | null): string {
    const one = this.find(key);
    return one === undefined ? "" : i18n.name({ zh: one.name_zh, en: one.name_en, ug: one.name_ug });
  }

  /** Who can answer for a limit of a hospital: its emergency doctors on duty. */
  doctorsOf(house: House): Present[] {
    return (duty.present ?? []).filter(
      ({ role, organisation }) => role === "emergency_doctor" && organisation === house.organisation,
    );
  }

  troubleOf(key: string): string {
    return this.#troubles.get(key) ?? "";
  }

  limit(key: string, body: Schemas["LimitIn"]): Promise<boolean> {
    return this.#doing(key, () => told(api.POST("/api/hospitals/{key}/limits", { params: { path: { key } }, body })));
  }

  reopen(key: string, limit_id: string): Promise<boolean> {
    const params = { path: { limit_id } };
    return this.#doing(key, () => told(api.POST("/api/hospital-limits/{limit_id}/end", { params })));
  }

  move(key: string, body: Schemas["BedsIn"]): Promise<boolean> {
    return this.#doing(key, () => told(api.POST("/api/hospitals/{key}/beds", { params: { path: { key } }, body })));
  }

  async #look(): Promise<void> {
    try {
      const [all, said] = await Promise.all([told(api.GET("/api/hospitals")), told(api.GET("/api/hospital-limits"))]);
      this.all = all.hospitals;
      this.repeated = said.repeated;
    } catch (error) {
      // What is there stays; the page tells of the link.
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }

  /** Say one thing of a hospital; whether it was taken. What was wrong with it is told beside it. */
  async #doing(key: string, act: () => Promise<House>): Promise<boolean> {
    if (this.busy.has(key)) return false;
    this.busy.add(key);
    this.#troubles.delete(key);
    let done = false;
    try {
      await act();
      done = true;
    } catch (error) {
      this.#troubles.set(key, troubleWords(error));
    }
    await this.#asking.now();
    this.busy.delete(key);
    return done;
  }
}

export const houses = new Houses();
