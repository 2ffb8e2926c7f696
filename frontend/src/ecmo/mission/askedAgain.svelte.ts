/** Something about a mission, asked again and again while somebody looks at it. */

import { NoAnswer, Refusal } from "../../client/api";
import { Asking } from "../../live/asking";

const EVERY_MS = 10_000;

export class AskedAgain<Told> {
  told = $state.raw<Told | null>(null);
  /** Why nothing newer is shown: a code, "" for no answer; null: nothing is wrong. */
  failed = $state<string | null>(null);
  #id: string | null = null;
  /** The mission that `told` is about. */
  #of: string | null = null;
  readonly #ask: (missionId: string) => Promise<Told>;
  readonly #over: string | null;
  readonly #asking = new Asking(() => this.#look(), EVERY_MS, EVERY_MS);

  /** over: refused by this code, there is nothing to tell any more. */
  constructor(ask: (missionId: string) => Promise<Told>, over: string | null = null) {
    this.#ask = ask;
    this.#over = over;
  }

  /** Follow a mission until what is returned is called; null: nothing is asked. */
  follow(missionId: string | null): () => void {
    this.#id = missionId;
    this.failed = null;
    if (missionId === null || missionId !== this.#of) this.take(missionId, null);
    if (missionId === null) return () => undefined;
    this.#asking.start();
    return () => {
      this.#id = null;
      this.#asking.stop();
    };
  }

  again(): void {
    void this.#asking.now();
  }

  /** Show it: also what was told besides, with what was done. */
  take(missionId: string | null, told: Told | null): void {
    this.#of = missionId;
    this.told = told;
  }

  async #look(): Promise<void> {
    const id = this.#id;
    if (id === null) return;
    try {
      const found = await this.#ask(id);
      if (this.#id !== id) return;
      this.take(id, found);
      this.failed = null;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      if (this.#id !== id) return;
      const code = error instanceof Refusal ? error.code : "";
      if (code !== "" && code === this.#over) this.told = null;
      else this.failed = code;
    }
  }
}
