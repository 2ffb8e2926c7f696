/** Doing something at the service from a form: one thing at a time, and why the last was not taken. */

import { NoAnswer, Refusal } from "./api";

export interface Refused {
  /** Stable; "" when no answer came, and nobody knows whether it was done. */
  code: string;
  /** What is there now, where that is why: ids, codes and times. */
  current: Readonly<Record<string, unknown>>;
}

export class Acting {
  busy = $state(false);
  refused = $state.raw<Refused | null>(null);

  /** Do it; true when the service took it. While something is being done, nothing else is begun. */
  async run(act: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.refused = null;
    try {
      await act();
      return true;
    } catch (error) {
      if (error instanceof Refusal) this.refused = { code: error.code, current: currentOf(error) };
      else if (error instanceof NoAnswer) this.refused = { code: "", current: {} };
      else throw error;
      return false;
    } finally {
      this.busy = false;
    }
  }

  forget(): void {
    this.refused = null;
  }
}

function currentOf(refusal: Refusal): Readonly<Record<string, unknown>> {
  const { current } = refusal.problem as { current?: Record<string, unknown> | null };
  return current ?? {};
}
