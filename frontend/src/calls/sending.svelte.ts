/**
 * Telling the service what became known after the incident was opened: one thing after the other, in order, each tried
 * again until an answer comes. Nothing here is an order to a unit, so to try again is always right.
 */

import { Refusal } from "../client/api";
import { refusalWords } from "../i18n/refusals";

export interface Errand {
  /** Two errands of one name: the later replaces the one that still waits. "" never does. */
  name: string;
  act: () => Promise<void>;
}

const AGAIN_MS = 2_000;

export class Sending {
  /** How many things are not told yet. */
  waiting = $state(0);
  /** No answer comes. */
  failed = $state(false);
  /** The service's words about the last thing that it did not take; null: it took all. */
  refused = $state<string | null>(null);
  #errands: Errand[] = [];
  #busy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  add(errand: Errand): void {
    const [current, ...rest] = this.#errands;
    const kept = rest.filter((one) => one.name === "" || one.name !== errand.name);
    const same = !this.#busy && current !== undefined && current.name !== "" && current.name === errand.name;
    this.#errands = [...(current === undefined || same ? [] : [current]), ...kept, errand];
    this.waiting = this.#errands.length;
    void this.#go();
  }

  /** Forget what is not told yet. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#errands = [];
    this.waiting = 0;
    this.failed = false;
    this.refused = null;
  }

  async #go(): Promise<void> {
    if (this.#busy) return;
    clearTimeout(this.#timer);
    this.#busy = true;
    try {
      for (let next = this.#errands[0]; next !== undefined; next = this.#errands[0]) {
        try {
          await next.act();
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          this.refused = refusalWords(error.code, error.status);
        }
        this.failed = false;
        if (this.#errands[0] === next) this.#errands = this.#errands.slice(1);
        this.waiting = this.#errands.length;
      }
    } catch {
      // No answer came: whether it was taken is not known, and to tell it again changes nothing.
      this.failed = true;
      this.#timer = setTimeout(() => void this.#go(), AGAIN_MS);
    } finally {
      this.#busy = false;
    }
  }
}
