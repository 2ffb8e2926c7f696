/** One question to the service: what was answered last, and why nothing newer is there. */

import { NoAnswer, Refusal } from "../client/api";
import { live } from "../live/store.svelte";

/** The record table is being made: ask again in a moment. */
const BUILDING = "report.building";

export class Asking<T> {
  value = $state.raw<T | null>(null);
  busy = $state(false);
  /** The code of a refusal, "" for no answer; null: nothing is wrong. */
  failed = $state<string | null>(null);
  /** The refusal's HTTP status; 0: there was no answer. */
  status = $state(0);
  /** It takes long, and the service is there: the first table of figures is being made. */
  readonly long: boolean = $derived(this.failed === BUILDING || (this.failed === "" && live.current));
  #question = 0;

  /** Ask; an answer that comes after a later question is thrown away. True: this one was the last. */
  async ask(question: () => Promise<T>): Promise<boolean> {
    const own = ++this.#question;
    this.busy = true;
    try {
      const value = await question();
      if (own !== this.#question) return false;
      this.value = value;
      this.failed = null;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      if (own !== this.#question) return false;
      [this.failed, this.status] = error instanceof Refusal ? [error.code, error.status] : ["", 0];
    }
    this.busy = false;
    return true;
  }

  /** What was asked is of no interest any more. */
  drop(): void {
    this.#question += 1;
    this.busy = false;
  }

  forget(): void {
    this.drop();
    this.value = null;
    this.failed = null;
  }
}
