/** Kit and duties, asked for again and again while they are looked at, and whenever the journal tells of them. */

import { Acting, type Refused } from "../../client/acting.svelte";
import { api, NoAnswer, orders, Refusal, told, type Schemas } from "../../client/api";
import { Asking } from "../../live/asking";
import { live } from "../../live/store.svelte";
import { session } from "../../session/session.svelte";
import type { Duty, Piece } from "../team/staffing";
import type { DutyTyped, Serving } from "./duties";
import type { KitTyped } from "./stock";

const EVERY_MS = 10_000;
/** Facts come in flocks. */
const GATHER_MS = 200;
const OF_STORES = /^ecmo\.(?:kit_|duty_|mission_)/;

const KIT_EMPTY: KitTyped = {
  code: "",
  kind: "console",
  hospitalId: "",
  size: "",
  expires: "",
  water: "",
  capacity: "",
};
const DUTY_EMPTY: DutyTyped = { hospitalId: "", person: null, roles: [], from: "", until: "" };

export class Stores {
  readonly acting = new Acting();
  kit = $state.raw<readonly Piece[] | null>(null);
  duties = $state.raw<readonly Duty[] | null>(null);
  /** Who can be put on call; null: not told yet. */
  people = $state.raw<readonly Serving[] | null>(null);
  /** When what is shown was true, by the service's clock; null: nothing is shown yet. */
  toldAt = $state<number | null>(null);
  /** Why nothing newer is shown: a code, "" for no answer; null: nothing is wrong. */
  failed = $state<string | null>(null);
  /** Why something was not done, by what it was about: a piece, a duty, or the form of either. */
  refused = $state.raw<ReadonlyMap<string, Refused>>(new Map());
  /** What is being typed, which outlives its form. */
  kitTyped = $state<KitTyped>({ ...KIT_EMPTY });
  dutyTyped = $state<DutyTyped>({ ...DUTY_EMPTY });
  #last: Promise<unknown> = Promise.resolve();
  readonly #asking = new Asking(() => this.#look(), EVERY_MS, GATHER_MS);

  /** The service has the last word. */
  get mayChange(): boolean {
    return session.who?.roles.some(({ role }) => role === "ecmo_coordinator") ?? false;
  }

  start(): () => void {
    const hush = live.onFact(({ type }) => {
      if (OF_STORES.test(type)) this.#asking.soon();
    });
    this.refused = new Map();
    this.#asking.start();
    return () => {
      hush();
      this.#asking.stop();
    };
  }

  async #look(): Promise<void> {
    try {
      const [resources, roster, people] = await Promise.all([
        told(api.GET("/api/ecmo/resources")),
        told(api.GET("/api/ecmo/duties")),
        this.mayChange && this.people === null ? told(api.GET("/api/ecmo/people")) : null,
      ]);
      live.clock.heard(resources.at);
      this.kit = resources.kit;
      this.duties = roster.duties;
      this.people = people?.people ?? this.people;
      this.toldAt = Date.parse(resources.at);
      this.failed = null;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      this.failed = error instanceof Refusal ? error.code : "";
    }
  }

  addKit(body: Schemas["EcmoKitIn"]): Promise<boolean> {
    return this.#do("kit", async () => {
      await told(orders.POST("/api/ecmo/kit", { body }));
    });
  }

  /** Somebody looked at it; hospitalId: where it is now, if elsewhere. */
  look(kit_id: string, is_ready: boolean, hospitalId: string | null = null): Promise<boolean> {
    const params = { path: { kit_id } };
    const body = hospitalId === null ? { is_ready } : { is_ready, hospital_id: hospitalId };
    return this.#do(kit_id, async () => {
      await told(orders.POST("/api/ecmo/kit/{kit_id}/check", { params, body }));
    });
  }

  retire(kit_id: string): Promise<boolean> {
    return this.#do(kit_id, async () => {
      await told(orders.DELETE("/api/ecmo/kit/{kit_id}", { params: { path: { kit_id } } }));
    });
  }

  enterDuty(body: Schemas["TeamDutyIn"]): Promise<boolean> {
    return this.#do("duty", async () => {
      await told(orders.POST("/api/ecmo/duties", { body }));
    });
  }

  withdraw(duty_id: string): Promise<boolean> {
    return this.#do(duty_id, async () => {
      await told(orders.DELETE("/api/ecmo/duties/{duty_id}", { params: { path: { duty_id } } }));
    });
  }

  /** The next piece is likely of the same kind and at the same place. */
  nextKit(code: string): void {
    this.kitTyped = { ...this.kitTyped, code };
  }

  nextDuty(): void {
    this.dutyTyped = { ...DUTY_EMPTY, hospitalId: this.dutyTyped.hospitalId };
  }

  /** What was refused is being put right. */
  forget(about: string): void {
    if (!this.refused.has(about)) return;
    this.refused = new Map([...this.refused].filter(([key]) => key !== about));
  }

  /** One thing after another: a tap on the next piece waits for the last one, and none is passed over. */
  #do(about: string, act: () => Promise<void>): Promise<boolean> {
    const done = this.#last.then(async () => {
      this.forget(about);
      const taken = await this.acting.run(act);
      const { refused } = this.acting;
      if (refused !== null) this.refused = new Map(this.refused).set(about, refused);
      return taken;
    });
    this.#last = done.catch(() => undefined);
    void done.then(() => this.#asking.now());
    return done;
  }
}

export const stores = new Stores();
