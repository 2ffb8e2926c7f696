/** Who can be sent to an incident now, each with its key, and the keys that send: the same beside the boards and in a call. */

import { i18n } from "../i18n/index.svelte";
import type { BoardIncident } from "../incidents/board.svelte";
import { live } from "../live/store.svelte";
import type { Binding } from "../shell/keys.svelte";
import { orders } from "./orders.svelte";
import { canStillGo, recommendation, type Offer } from "./recommendation.svelte";

const MOST = 9;

export class Going {
  readonly #incident: () => BoardIncident | undefined;
  readonly #offers: readonly Offer[] = $derived.by(() => {
    const incident = this.#incident();
    const { value } = recommendation;
    return incident?.row.active && value?.incident_id === incident.id ? value.offers.slice(0, MOST) : [];
  });
  /** The first two that can go. */
  readonly two: readonly { offer: Offer; key: string }[] = $derived(
    this.#offers
      .map((offer, at) => ({ offer, key: `Alt ${at + 1}` }))
      .filter(({ offer }) => canStillGo(offer))
      .slice(0, 2),
  );
  /** Somebody is on the way already: sending more is no longer the first thing to do. */
  readonly more: boolean = $derived.by(() => (this.#incident()?.units.length ?? 0) > 0);

  constructor(incident: () => BoardIncident | undefined) {
    this.#incident = incident;
  }

  send(offer: Offer | undefined): void {
    const incident = this.#incident();
    if (incident !== undefined && !live.lost) orders.sendOffer(offer, incident.row);
  }

  sendTwo(): void {
    const incident = this.#incident();
    const [first, second] = this.two;
    if (incident === undefined || live.lost || first === undefined || second === undefined) return;
    void orders.sendBoth(first.offer, second.offer, incident.row);
  }

  /** `before`: what the same keys do while there is no incident to send to, and what they are said to do. */
  bindings(before?: { says: () => string; act: () => void }): Binding[] {
    const words = (): typeof i18n.t.dispatching => i18n.t.dispatching;
    const act = (at: number) => (): void => {
      if (before !== undefined && this.#incident() === undefined) before.act();
      else this.send(this.#offers[at]);
    };
    const says = (at: number): Binding["says"] => {
      if (at === 0) return before?.says ?? (() => words().sendFirst);
      return at === 1 ? () => words().sendOther : null;
    };
    return [
      ...Array.from({ length: MOST }, (_, at) => ({ keys: `Alt+${at + 1}`, says: says(at), act: act(at) })),
      { keys: "Alt+D", says: () => words().sendTwo, act: () => this.sendTwo() },
      { keys: "Ctrl+Z", says: () => words().undo, act: () => orders.undoLast(), when: () => orders.undoMs > 0 },
    ];
  }
}
