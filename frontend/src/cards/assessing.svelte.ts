/** The assessment of the answers so far: asked for on every change; an older answer never replaces a newer one. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import type { Answers } from "./answers";

export type Assessment = Schemas["AssessmentOut"];
const AGAIN_MS = 2_000;

export class Assessing {
  value = $state.raw<Assessment | null>(null);
  /** The answers have changed since `value` was told. */
  behind = $state(false);
  /** No answer comes: what stands here may be less than it should. */
  failed = $state(false);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  forget(): void {
    this.#asked += 1;
    clearTimeout(this.#timer);
    this.value = null;
    this.behind = false;
    this.failed = false;
  }

  async ask(card_id: string, answers: Answers): Promise<void> {
    const mine = ++this.#asked;
    clearTimeout(this.#timer);
    this.behind = true;
    try {
      const path = { params: { path: { card_id } } };
      const value = await told(api.POST("/api/cards/{card_id}/assess", { ...path, body: { answers: { ...answers } } }));
      if (mine !== this.#asked) return;
      this.value = value;
      this.behind = false;
      this.failed = false;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      if (mine !== this.#asked) return;
      this.failed = true;
      this.#timer = setTimeout(() => void this.ask(card_id, answers), AGAIN_MS);
    }
  }
}
