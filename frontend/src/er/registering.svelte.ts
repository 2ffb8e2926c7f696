/** Who a patient is, as the crew entered it, and the emergency room's registration of him. */

import { untrack } from "svelte";
import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { troubleWords } from "../i18n/refusals";
import { live } from "../live/store.svelte";

export type Registration = Schemas["RegistrationOut"];

/** Facts come in flocks; a value of a person is told by none. */
const QUIET_MS = 150;
const EVERY_MS = 10_000;

export class Registering {
  readonly patientId: string;
  /** Masked. Null: not told yet. */
  told = $state.raw<Registration | null>(null);
  busy = $state(false);
  trouble = $state("");
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  #going = false;

  constructor(patientId: string) {
    this.patientId = patientId;
  }

  start(): () => void {
    this.#going = true;
    const stop = live.onFact(({ payload }) => {
      if (payload["patient_id"] === this.patientId) this.#soon(QUIET_MS);
    });
    untrack(() => void this.load());
    return () => {
      this.#going = false;
      stop();
      clearTimeout(this.#timer);
    };
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    const params = { path: { patient_id: this.patientId } };
    try {
      const found = await told(api.GET("/api/er/patients/{patient_id}/registration", { params }));
      if (asked === this.#asked) this.told = found;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
    if (asked === this.#asked) this.#soon(EVERY_MS);
  }

  /** In whole, to be compared with the patient's papers; null: refused, and told why. */
  async whole(): Promise<Registration | null> {
    const params = { path: { patient_id: this.patientId }, query: { whole: true } };
    return this.#doing(() => told(api.GET("/api/er/patients/{patient_id}/registration", { params })));
  }

  async accept(body: Schemas["RegistrationIn"]): Promise<boolean> {
    const params = { path: { patient_id: this.patientId } };
    const made = await this.#doing(() =>
      told(api.POST("/api/er/patients/{patient_id}/registration", { params, body })),
    );
    if (made !== null) {
      this.#asked += 1;
      this.told = made;
      this.#soon(EVERY_MS);
    }
    return made !== null;
  }

  async #doing(act: () => Promise<Registration>): Promise<Registration | null> {
    if (this.busy) return null;
    this.busy = true;
    this.trouble = "";
    try {
      return await act();
    } catch (error) {
      this.trouble = troubleWords(error);
      return null;
    } finally {
      this.busy = false;
    }
  }

  #soon(afterMs: number): void {
    if (!this.#going) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), afterMs);
  }
}
