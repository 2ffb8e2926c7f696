/** What one's own hospital ordered the crew of a patient to do. An order that got no answer waits, and goes by hand only. */

import { untrack } from "svelte";
import { api, NoAnswer, orders as sending, Refusal, told, type Schemas } from "../client/api";
import { troubleWords } from "../i18n/refusals";
import { live } from "../live/store.svelte";

export type Order = Schemas["CrewOrderOut"];
export type Treatment = Schemas["TreatmentOut"];

/** Typed here. */
export interface Ordered {
  id: string;
  treatment: string;
  amount: number | null;
  route: string | null;
  words: string | null;
}

/** Facts come in flocks; milliseconds. */
const QUIET_MS = 150;

export class Orders {
  readonly incidentId: string;
  readonly patientId: string;
  /** Null: not told yet. */
  told = $state.raw<readonly Order[] | null>(null);
  treatments = $state.raw<ReadonlyMap<string, Treatment>>(new Map());
  forms = $state.raw<Schemas["OrderFormsOut"] | null>(null);
  /** Whether the service has it is not known. Said again it is one all the same. */
  unsent = $state.raw<readonly Ordered[]>([]);
  busy = $state(false);
  trouble = $state("");
  readonly open: readonly Order[] = $derived((this.told ?? []).filter(isOpen));
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(incidentId: string, patientId: string) {
    this.incidentId = incidentId;
    this.patientId = patientId;
  }

  start(): () => void {
    const stop = live.onFact(({ type, payload }) => {
      if (type.startsWith("order.") && payload["incident_id"] === this.incidentId) this.#soon();
    });
    untrack(() => void this.load());
    return () => {
      stop();
      clearTimeout(this.#timer);
    };
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    const params = { path: { incident_id: this.incidentId }, query: { patient_id: this.patientId } };
    try {
      if (this.forms === null) {
        const { treatments } = await told(api.GET("/api/chart-forms"));
        this.treatments = new Map(treatments.map((one) => [one.code, one]));
        this.forms = await told(api.GET("/api/order-forms"));
      }
      const found = await told(api.GET("/api/incidents/{incident_id}/orders", { params }));
      if (asked === this.#asked) this.told = found.orders;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }

  /** True when it has gone, or waits to be sent again by hand; false: refused, and told why. */
  async give(ordered: Ordered): Promise<boolean> {
    const params = { path: { patient_id: this.patientId } };
    const gone = await this.#doing(() =>
      told(sending.POST("/api/patients/{patient_id}/orders", { params, body: ordered })),
    );
    const others = this.unsent.filter(({ id }) => id !== ordered.id);
    this.unsent = gone === "unknown" ? [...others, ordered] : others;
    return gone !== "refused";
  }

  drop(id: string): void {
    this.unsent = this.unsent.filter((one) => one.id !== id);
  }

  async cancel(order_id: string): Promise<void> {
    const params = { path: { order_id } };
    await this.#doing(() => told(sending.POST("/api/orders/{order_id}/cancellation", { params })));
  }

  async #doing(act: () => Promise<unknown>): Promise<"done" | "refused" | "unknown"> {
    if (this.busy) return "refused";
    this.busy = true;
    this.trouble = "";
    try {
      await act();
      await this.load();
      return "done";
    } catch (error) {
      this.trouble = troubleWords(error);
      return error instanceof NoAnswer ? "unknown" : "refused";
    } finally {
      this.busy = false;
    }
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), QUIET_MS);
  }
}

export function isOpen(order: Pick<Order, "state">): boolean {
  return order.state === "sent" || order.state === "seen" || order.state === "confirmed";
}
