/** Views that people keep, and reports that are made by themselves: lists that change when somebody acts. */

import { api, orders, told, type Schemas } from "../client/api";
import { refusedWords } from "../i18n/refusals";
import { Asking } from "./asking.svelte";

export type Schedule = Schemas["ScheduleOut"];
export type View = Schemas["ViewOut"];
type Made = Schemas["ScheduledListOut"];

export class Views {
  readonly list = new Asking<View[]>();
  /** Why the last act was not done; "" where no answer came, null where it was. */
  refused = $state<string | null>(null);

  async load(): Promise<void> {
    await this.list.ask(async () => (await told(api.GET("/api/reports/views"))).views);
  }

  /** True: it is kept. */
  async keep(name: string, query: string, shared: boolean): Promise<boolean> {
    return this.#act(() => told(orders.POST("/api/reports/views", { body: { name, query, shared } })));
  }

  async drop(id: string): Promise<boolean> {
    return this.#act(() => told(orders.DELETE("/api/reports/views/{view_id}", { params: { path: { view_id: id } } })));
  }

  async #act(act: () => Promise<unknown>): Promise<boolean> {
    this.refused = null;
    try {
      await act();
    } catch (error) {
      this.refused = refusedWords(error);
      return false;
    }
    await this.load();
    return true;
  }
}

export class Plans {
  readonly schedules = new Asking<Schedule[]>();
  readonly made = new Asking<Made>();
  busy = $state<string | null>(null);
  refused = $state<string | null>(null);

  async load(): Promise<void> {
    await Promise.all([
      this.schedules.ask(async () => (await told(api.GET("/api/reports/schedules"))).schedules),
      this.made.ask(() => told(api.GET("/api/reports/scheduled"))),
    ]);
  }

  async set(one: Schedule, change: Partial<Pick<Schedule, "active" | "targets" | "language">>): Promise<void> {
    const { active, targets, language } = { ...one, ...change };
    [this.busy, this.refused] = [one.step, null];
    try {
      const body = { active, targets, language: language as "zh" | "en" | "ug" };
      await told(orders.PUT("/api/reports/schedules/{step}", { params: { path: { step: one.step } }, body }));
    } catch (error) {
      this.refused = refusedWords(error);
    }
    await this.load();
    this.busy = null;
  }
}
