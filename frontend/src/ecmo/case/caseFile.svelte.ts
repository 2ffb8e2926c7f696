/** One case as both sides see it: asked every other second and whenever the journal tells of it; and what one does there. */

import { Acting } from "../../client/acting.svelte";
import { api, NoAnswer, orders, Refusal, told, type Schemas } from "../../client/api";
import { live } from "../../live/store.svelte";
import type { Value } from "../request/entering";
import { conditionsOf, promisedAt, type Decided } from "./deciding";
import { attachTo } from "./attaching";
import type { OfferShown } from "./shape";
import type { Said } from "./talk";
import { shownOf, type CaseShown, type FileShown } from "./told";

export type { CaseShown, FileShown };

const EVERY_MS = 5_000;
const GATHER_MS = 150;

interface Held {
  id: string;
  kind: Said["kind"];
  words: string;
  atMs: number;
}

export class CaseFile {
  readonly requestId: string;
  readonly acting = new Acting();
  told = $state.raw<Schemas["CaseOut"] | null>(null);
  ways = $state.raw<Schemas["WaysOut"] | null>(null);
  /** Why nothing is shown: a code, "" for no answer; null: nothing is wrong. */
  refused = $state<string | null>(null);
  /** Written here, and not at the service yet. */
  held = $state.raw<readonly Held[]>([]);
  readonly shown: CaseShown | null = $derived(this.told === null ? null : shownOf(this.told, this.ways, this.held));
  #timer: ReturnType<typeof setTimeout> | undefined;
  #going = false;
  #question = 0;
  readonly #seen = new Set<string>();

  constructor(requestId: string) {
    this.requestId = requestId;
  }

  start(): () => void {
    this.#going = true;
    const hush = live.onFact(({ type, payload }) => {
      if (type.startsWith("ecmo") && payload["request_id"] === this.requestId) this.#soon(GATHER_MS);
    });
    void this.look();
    return () => {
      this.#going = false;
      hush();
      clearTimeout(this.#timer);
    };
  }

  async look(): Promise<void> {
    clearTimeout(this.#timer);
    const question = ++this.#question;
    const params = { path: { request_id: this.requestId } };
    try {
      const found = await told(api.GET("/api/ecmo/requests/{request_id}", { params }));
      if (question !== this.#question) return;
      this.#take(found);
      this.refused = null;
      await this.#opened(found);
      if (found.request.mode === "ecpr")
        this.ways = await told(api.GET("/api/ecmo/requests/{request_id}/ways", { params }));
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      if (question === this.#question) this.refused = error instanceof Refusal ? error.code : "";
    }
    if (this.#going && question === this.#question) this.#soon(EVERY_MS);
  }

  async say(words: string, kind: Said["kind"] = "message"): Promise<void> {
    const one = { id: crypto.randomUUID(), kind, words, atMs: live.clock.now() };
    this.held = [...this.held, one];
    const body = { id: one.id, kind, words, at: new Date(one.atMs).toISOString() };
    await this.acting.run(async () => {
      const params = { path: { request_id: this.requestId } };
      await told(api.POST("/api/ecmo/requests/{request_id}/messages", { params, body }));
    });
    await this.look();
    this.held = this.held.filter(({ id }) => id !== one.id);
  }

  async enter(item: string, value: Value | null): Promise<boolean> {
    return this.#do(async (params) => {
      const body = { values: [{ item, value }] };
      await told(orders.POST("/api/ecmo/requests/{request_id}/values", { params, body }));
    });
  }

  async decide(offer: OfferShown, decided: Decided): Promise<boolean> {
    const { decision, minutes, conditions, words, reason } = decided;
    const takes = decision === "accept" || decision === "conditional";
    const at = takes ? promisedAt(minutes, live.clock.now()) : null;
    return this.#do(async (params) => {
      const body = {
        hospital_id: offer.hospitalId,
        version: offer.version,
        decision,
        cannulation_at: at === null ? null : new Date(at).toISOString(),
        reason: decision === "decline" ? reason : null,
        words: words.trim(),
        conditions: decision === "conditional" ? conditionsOf(conditions) : [],
      };
      await told(orders.POST("/api/ecmo/requests/{request_id}/decisions", { params, body }));
    });
  }

  async tick(conditionId: string, ticked: boolean): Promise<boolean> {
    return this.#do(async () => {
      const params = { path: { condition_id: conditionId } };
      await told(orders.POST("/api/ecmo/conditions/{condition_id}", { params, body: { ticked } }));
    });
  }

  async bind(offer: OfferShown): Promise<boolean> {
    return this.#do(async (params) => {
      const body = { offer_id: offer.id, version: offer.version };
      await told(orders.POST("/api/ecmo/requests/{request_id}/bind", { params, body }));
    });
  }

  async ask(centre: string): Promise<boolean> {
    return this.#do(async (params) => {
      const body = { hospital_ids: [centre], at_once: true };
      await told(orders.POST("/api/ecmo/requests/{request_id}/ask", { params, body }));
    });
  }

  async withdraw(reason: "improved" | "died" | "elsewhere" | "refused" | "mistake"): Promise<boolean> {
    return this.#do(async (params) => {
      await told(orders.POST("/api/ecmo/requests/{request_id}/withdraw", { params, body: { reason } }));
    });
  }

  /** No centre takes the patient: advice was followed, or he is treated otherwise. */
  async close(): Promise<boolean> {
    return this.#do(async (params) => {
      await told(orders.POST("/api/ecmo/requests/{request_id}/close", { params }));
    });
  }

  /** Raises as `attachTo`. */
  async attach(file: File, kind: FileShown["kind"], share: (part: number) => void): Promise<void> {
    await attachTo(this.requestId, file, kind, share);
    await this.look();
  }

  /** For whoever may assess here the case counts as opened, by name, and messages as read; what failed is told again. */
  async #opened(found: Schemas["CaseOut"]): Promise<void> {
    const params = { path: { request_id: this.requestId } };
    for (const hospital_id of found.may.assess) {
      const offer = found.offers.find((one) => one.hospital.id === hospital_id);
      if (offer === undefined || offer.seen_at !== null || this.#seen.has(offer.id)) continue;
      this.#take(await told(orders.POST("/api/ecmo/requests/{request_id}/seen", { params, body: { hospital_id } })));
      this.#seen.add(offer.id);
    }
    const ids = found.messages.filter((one) => !one.mine && !this.#seen.has(one.id)).map(({ id }) => id);
    if (ids.length > 0) {
      await told(orders.POST("/api/ecmo/requests/{request_id}/messages/reads", { params, body: { ids } }));
      for (const id of ids) this.#seen.add(id);
    }
  }

  async #do(act: (params: { path: { request_id: string } }) => Promise<void>): Promise<boolean> {
    const done = await this.acting.run(() => act({ path: { request_id: this.requestId } }));
    await this.look();
    return done;
  }

  #take(found: Schemas["CaseOut"]): void {
    this.told = found;
  }

  #soon(afterMs: number): void {
    clearTimeout(this.#timer);
    if (this.#going) this.#timer = setTimeout(() => void this.look(), afterMs);
  }
}
