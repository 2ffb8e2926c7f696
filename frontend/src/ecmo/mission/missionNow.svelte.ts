/** The mission of a case with all that belongs to it: asked for again and again, and whenever the journal tells of it. */

import { Acting } from "../../client/acting.svelte";
import { api, NoAnswer, orders, Refusal, told, type Schemas } from "../../client/api";
import { live } from "../../live/store.svelte";

export type Mission = Schemas["MissionOut"];
export type Resources = Schemas["ResourcesOut"];
type Params = { path: { mission_id: string } };

const EVERY_MS = 5_000;
const GATHER_MS = 150;

export class MissionNow {
  readonly acting = new Acting();
  told = $state.raw<Mission | null>(null);
  /** All kit, and who is on call; null: not told yet. */
  resources = $state.raw<Resources | null>(null);
  /** Why nothing newer is shown: a code, "" for no answer; null: nothing is wrong. */
  failed = $state<string | null>(null);
  #id: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #question = 0;

  /** Follow a mission until what is returned is called; null: there is none. */
  follow(missionId: string | null): () => void {
    this.#id = missionId;
    this.told = null;
    if (missionId === null) return () => undefined;
    const hush = live.onFact(({ type, payload }) => {
      if (type.startsWith("ecmo") && payload["mission_id"] === missionId) this.#soon(GATHER_MS);
    });
    void this.look();
    return () => {
      this.#id = null;
      hush();
      clearTimeout(this.#timer);
    };
  }

  async look(): Promise<void> {
    clearTimeout(this.#timer);
    const id = this.#id;
    if (id === null) return;
    const question = ++this.#question;
    try {
      const [mission, resources] = await Promise.all([
        told(api.GET("/api/ecmo/missions/{mission_id}", { params: { path: { mission_id: id } } })),
        told(api.GET("/api/ecmo/resources")),
      ]);
      if (question !== this.#question || this.#id !== id) return;
      this.told = mission;
      this.resources = resources;
      this.failed = null;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      if (question !== this.#question) return;
      this.failed = error instanceof Refusal ? error.code : "";
    }
    this.#soon(EVERY_MS);
  }

  /** This plan and no other: where there is none such any more, that is told. */
  choose(plan: Omit<Schemas["PlanIn"], "version">): Promise<boolean> {
    return this.#do((params, version) =>
      orders.POST("/api/ecmo/missions/{mission_id}/plan", { params, body: { ...plan, version } }),
    );
  }

  sayFit(): Promise<boolean> {
    return this.#do((params) => orders.POST("/api/ecmo/missions/{mission_id}/fit-to-move", { params }));
  }

  step(state: Schemas["MissionState"], override: boolean): Promise<boolean> {
    return this.#do((params, version) =>
      orders.POST("/api/ecmo/missions/{mission_id}/state", { params, body: { state, version, override } }),
    );
  }

  /** instead: of the one that was asked for before. */
  askVehicle(unit_id: string, instead = false): Promise<boolean> {
    const body = { unit_id, instead };
    return this.#do((params) => orders.POST("/api/ecmo/missions/{mission_id}/vehicle", { params, body }));
  }

  explain(passage_id: string, reason: Schemas["GateReason"]): Promise<boolean> {
    const params = { path: { passage_id } };
    return this.#do(() => orders.POST("/api/ecmo/passages/{passage_id}/reason", { params, body: { reason } }));
  }

  book(body: Schemas["BookingIn"]): Promise<boolean> {
    return this.#do((params) => orders.POST("/api/ecmo/missions/{mission_id}/bookings", { params, body }));
  }

  giveBack(booking_id: string): Promise<boolean> {
    const params = { path: { booking_id } };
    return this.#do(() => orders.POST("/api/ecmo/bookings/{booking_id}/return", { params }));
  }

  /** Somebody looked at a piece, and it is ready. */
  check(kit_id: string): Promise<boolean> {
    return this.#run(async () => {
      const params = { path: { kit_id } };
      this.resources = await told(orders.POST("/api/ecmo/kit/{kit_id}/check", { params, body: { is_ready: true } }));
    });
  }

  tick(checklist: Schemas["CheckList"], item: string, ticked: boolean): Promise<boolean> {
    return this.#do((params) =>
      orders.POST("/api/ecmo/missions/{mission_id}/checks", { params, body: { checklist, item, ticked } }),
    );
  }

  promise(body: Schemas["PromiseIn"]): Promise<boolean> {
    return this.#do((params) => orders.POST("/api/ecmo/missions/{mission_id}/promises", { params, body }));
  }

  settle(promise_id: string, answered: "acknowledged" | "gone"): Promise<boolean> {
    const params = { path: { promise_id, answered } };
    return this.#do(() => orders.POST("/api/ecmo/promises/{promise_id}/{answered}", { params }));
  }

  read(body: Schemas["PressureIn"]): Promise<boolean> {
    return this.#do((params) => orders.POST("/api/ecmo/missions/{mission_id}/pressures", { params, body }));
  }

  demand(body: Schemas["DemandIn"]): Promise<boolean> {
    return this.#do((params) => orders.POST("/api/ecmo/missions/{mission_id}/demand", { params, body }));
  }

  tryBattery(body: Schemas["BatteryIn"]): Promise<boolean> {
    return this.#do((params) => orders.POST("/api/ecmo/missions/{mission_id}/battery-tests", { params, body }));
  }

  /** Do it to the mission as it is shown, and show what came of it. */
  #do(ask: (params: Params, version: number) => Promise<{ data?: Mission; response: Response }>): Promise<boolean> {
    const id = this.#id;
    const version = this.told?.mission.version;
    if (id === null || version === undefined) return Promise.resolve(false);
    return this.#run(async () => {
      const found = await told<Mission>(ask({ path: { mission_id: id } }, version));
      this.#question += 1;
      if (this.#id === id) this.told = found;
    });
  }

  async #run(act: () => Promise<void>): Promise<boolean> {
    const done = await this.acting.run(act);
    void this.look();
    return done;
  }

  #soon(afterMs: number): void {
    clearTimeout(this.#timer);
    if (this.#id !== null) this.#timer = setTimeout(() => void this.look(), afterMs);
  }
}
