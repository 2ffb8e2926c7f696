/** What the receiving hospital orders this crew to do: at the service, kept on this phone, and told here meanwhile. */

import { play } from "../alarms/sounds";
import { api, NoAnswer, orders, Refusal, told, type Schemas } from "../client/api";
import { live } from "../live/store.svelte";
import { crew } from "./crew.svelte";
import { openOf, shownOf, type Did, type Order, type ShownOrder } from "./ordering";
import { keepSeat, keptSeat } from "./shelf";

/** Of what alarms may be. */
const LOUD = 100;
/** An order sounds so often until it is read back; milliseconds. */
export const ORDER_RING_MS = 8_000;
/** Facts come in flocks; milliseconds. */
const QUIET_MS = 150;

interface Kept {
  incident: string;
  known: readonly Order[];
  forms: Schemas["OrderFormsOut"] | null;
  understood: readonly string[];
}

class Ordered {
  forms = $state.raw<Schemas["OrderFormsOut"] | null>(null);
  #of = $state<string | null>(null);
  #known = $state.raw<readonly Order[]>([]);
  /** Cancellations that somebody here has read. */
  #understood = $state.raw<readonly string[]>([]);
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly shown: readonly ShownOrder[] = $derived(this.#shown());
  readonly open: readonly ShownOrder[] = $derived(openOf(this.shown));
  readonly cancelled: readonly ShownOrder[] = $derived(
    this.shown.filter(({ order, state }) => state === "cancelled" && !this.#understood.includes(order.id)),
  );
  /** Something is to be heard: an order that nobody has read back. */
  readonly rings: boolean = $derived(this.open.some(({ state }) => state === "sent" || state === "seen"));

  #shown(): readonly ShownOrder[] {
    if (this.#of === null || this.#of !== crew.row?.incident_id) return [];
    const waiting = crew.outbox.waiting.map(({ act }) => ({ act, held: true }));
    return shownOf(this.#known, [...crew.outbox.taken.map(({ act }) => ({ act, held: false })), ...waiting]);
  }

  /** `$effect(() => ordered.follow())`, as long as there is a job. */
  follow(): () => void {
    const stop = live.onFact(({ type, payload }) => {
      if (type.startsWith("order.") && payload["incident_id"] === crew.row?.incident_id) this.#reload();
    });
    return () => {
      stop();
      clearTimeout(this.#timer);
    };
  }

  #reload(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), QUIET_MS);
  }

  /** Ask for the orders of the present job; without an answer, what was kept of them stands. */
  async load(): Promise<void> {
    const incident_id = crew.row?.incident_id;
    if (incident_id === undefined) return;
    if (this.#of !== incident_id) await this.#restore(incident_id);
    const asked = ++this.#asked;
    const found = await quietly(async () => {
      this.forms ??= await told(api.GET("/api/order-forms"));
      return told(api.GET("/api/incidents/{incident_id}/orders", { params: { path: { incident_id } } }));
    });
    if (found === undefined || asked !== this.#asked) return;
    this.#of = incident_id;
    this.#known = found.orders;
    void this.#keep();
    // A page that nobody looks at has shown nothing.
    const unseen = document.visibilityState === "visible" ? found.orders.filter(({ state }) => state === "sent") : [];
    for (const { id } of unseen)
      await quietly(() => told(orders.POST("/api/orders/{order_id}/seen", { params: { path: { order_id: id } } })));
  }

  async tell(order: Order, did: Did, change: { amount?: number; reason?: string } = {}): Promise<void> {
    const { amount = null, reason = null } = change;
    await crew.record({ kind: "order", order: order.id, did, amount, reason });
    this.#reload();
  }

  understand(order: Order): void {
    this.#understood = [...this.#understood, order.id];
    void this.#keep();
  }

  ring(): void {
    void play("medium", LOUD);
    if (navigator.userActivation.hasBeenActive) navigator.vibrate?.([200, 100, 200]);
  }

  async #restore(incident: string): Promise<void> {
    const kept = (await keptSeat("orders")) as Kept | undefined;
    this.forms ??= kept?.forms ?? null;
    const mine = kept?.incident === incident;
    this.#of = incident;
    this.#known = mine ? kept.known : [];
    this.#understood = mine ? kept.understood : [];
  }

  async #keep(): Promise<void> {
    if (this.#of === null) return;
    const kept: Kept = { incident: this.#of, known: this.#known, forms: this.forms, understood: this.#understood };
    await keepSeat(kept, "orders");
  }
}

async function quietly<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof Refusal) return undefined;
    throw error;
  }
}

export const ordered = new Ordered();
