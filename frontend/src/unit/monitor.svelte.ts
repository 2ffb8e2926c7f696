/** Whose the data of the vehicle's monitors are: at the service, and as it was told here and waits. */

import { api, NoAnswer, orders, Refusal, told, type Schemas } from "../client/api";
import { chart } from "./chart.svelte";
import { crew } from "./crew.svelte";
import type { Taken } from "./outbox.svelte";
import { calledOf } from "./naming";
import { placesOf, type Place } from "./places";
import { words } from "./words.svelte";

class Monitor {
  #slots = $state.raw<readonly Schemas["SlotOut"][]>([]);
  #unit = $state<string | null>(null);
  #told = $state.raw<ReadonlySet<Taken>>(new Set());
  #asked = 0;

  /** Every place of the vehicle, two at least, with who is attached there. */
  readonly places: readonly Place[] = $derived(
    placesOf(this.#unit === crew.unit?.id ? this.#slots : [], [
      // Taken since the service was asked last, then what waits.
      ...crew.outbox.taken.filter((one) => !this.#told.has(one)).map(({ act, at }) => ({ act, atMs: Date.parse(at) })),
      ...crew.outbox.waiting.map(({ act, at }) => ({ act, atMs: at - crew.offByMs })),
    ]),
  );
  readonly attached: readonly Place[] = $derived(this.places.filter(({ taken }) => taken));
  /** A monitor sends, and nobody's name stands over it. */
  readonly nobodys: boolean = $derived(this.places.some(({ taken, sends }) => sends && !taken));

  async load(): Promise<void> {
    const unit_id = crew.unit?.id;
    if (unit_id === undefined) return;
    const asked = ++this.#asked;
    const { taken } = crew.outbox;
    try {
      const { slots } = await told(api.GET("/api/fleet/{unit_id}/slots", { params: { path: { unit_id } } }));
      if (asked !== this.#asked) return;
      this.#unit = unit_id;
      this.#slots = slots;
      this.#told = new Set(taken);
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }

  async attach(slot: number, patient: string): Promise<void> {
    await crew.record({ kind: "attach", slot, patient: crew.outbox.made.get(patient) ?? patient });
    await this.load();
  }

  /** Another was attached by mistake and never counts; needs the link. Raises Refusal, NoAnswer. */
  async putRight(slot: number, patient: string): Promise<void> {
    const unit_id = crew.unit?.id;
    const instead_of = this.#slots.find((one) => one.slot === slot)?.mark_id;
    if (unit_id === undefined || !instead_of) return;
    const params = { path: { unit_id, slot } };
    const body = { patient_id: crew.outbox.made.get(patient) ?? patient, instead_of };
    await told(orders.PUT("/api/fleet/{unit_id}/slots/{slot}/patient", { params, body }));
    await this.load();
  }

  async detach(slot: number): Promise<void> {
    await crew.record({ kind: "detach", slot });
    await this.load();
  }

  /** What a patient is called here. */
  nameOf(patient: string | null): string | null {
    const place = chart.patients.findIndex(({ id }) => id === patient);
    if (place === -1) return null;
    const row = chart.patients[place]?.row;
    return row ? calledOf(row) : `${words.t.chart.unnamed} ${String(place + 1)}`;
  }
}

export const monitor = new Monitor();
