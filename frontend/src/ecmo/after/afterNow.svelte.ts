/** A transfer once it is over: asked for while it is looked at; what became of the patient is entered here. */

import { Acting } from "../../client/acting.svelte";
import { api, NoAnswer, orders, Refusal, told, type Schemas } from "../../client/api";
import { live } from "../../live/store.svelte";

const EVERY_MS = 15_000;
const GATHER_MS = 150;
type Body = Schemas["EcmoOutcomeIn"];

export class AfterNow {
  readonly acting = new Acting();
  told = $state.raw<Schemas["AfterOut"] | null>(null);
  /** Why nothing newer is shown: a code, "" for no answer; null: nothing is wrong. */
  failed = $state<string | null>(null);
  readonly #requestId: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #going = false;
  #question = 0;

  constructor(requestId: string) {
    this.#requestId = requestId;
  }

  start(): () => void {
    this.#going = true;
    const hush = live.onFact(({ type, payload }) => {
      if (type.startsWith("ecmo") && payload["request_id"] === this.#requestId) this.#soon(GATHER_MS);
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
    try {
      const params = { path: { request_id: this.#requestId } };
      const found = await told(api.GET("/api/ecmo/requests/{request_id}/after", { params }));
      if (question !== this.#question) return;
      this.told = found;
      this.failed = null;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      if (question !== this.#question) return;
      this.failed = error instanceof Refusal ? error.code : "";
    }
    if (this.#going) this.#soon(EVERY_MS);
  }

  async enter(moment: Body["moment"], outcome: Body["outcome"]): Promise<void> {
    const mission_id = this.told?.mission_id;
    if (mission_id === null || mission_id === undefined) return;
    await this.acting.run(async () => {
      const params = { path: { mission_id } };
      const found = await told(
        orders.POST("/api/ecmo/missions/{mission_id}/outcomes", { params, body: { moment, outcome } }),
      );
      this.#question += 1;
      this.told = found;
    });
    this.#soon(GATHER_MS);
  }

  #soon(afterMs: number): void {
    clearTimeout(this.#timer);
    if (this.#going) this.#timer = setTimeout(() => void this.look(), afterMs);
  }
}
