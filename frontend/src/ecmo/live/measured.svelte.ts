/** What is measured of a case, asked for every other second while it is looked at. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../../client/api";

const EVERY_MS = 2_000;

export class MeasuredNow {
  told = $state.raw<Schemas["CaseMeasuredOut"] | null>(null);
  /** Why nothing newer is shown: a code, "" for no answer; null: nothing is wrong. */
  failed = $state<string | null>(null);
  readonly #requestId: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #going = false;

  constructor(requestId: string) {
    this.#requestId = requestId;
  }

  start(): () => void {
    this.#going = true;
    void this.look();
    return () => {
      this.#going = false;
      clearTimeout(this.#timer);
    };
  }

  async look(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      const params = { path: { request_id: this.#requestId } };
      this.told = await told(api.GET("/api/ecmo/requests/{request_id}/measured", { params }));
      this.failed = null;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      this.failed = error instanceof Refusal ? error.code : "";
    }
    if (this.#going) this.#timer = setTimeout(() => void this.look(), EVERY_MS);
  }
}
