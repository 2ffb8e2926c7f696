/** Orders of the receiving hospital, with what the crew has told of them here and the service may not know yet. Pure. */

import type { Schemas } from "../client/api";
import type { Act } from "./outbox.svelte";

export type Order = Schemas["CrewOrderOut"];
export type Did = Extract<Act, { kind: "order" }>["did"];

export interface ShownOrder {
  order: Order;
  state: Order["state"];
  /** Told here, and not at the service yet. */
  held: boolean;
}

/** How far each state is; what is over is over whichever came first. */
const REACHED: Readonly<Record<Order["state"], number>> = {
  sent: 0,
  seen: 1,
  confirmed: 2,
  cancelled: 3,
  not_done: 4,
  done: 5,
};

/** Each order as it is by what is known and by `acts`: those that wait, and those the service took a moment ago. */
export function shownOf(known: readonly Order[], acts: readonly { act: Act; held: boolean }[]): ShownOrder[] {
  return known.map((order) => {
    let shown: ShownOrder = { order, state: order.state, held: false };
    for (const { act, held } of acts) {
      if (act.kind !== "order" || act.order !== order.id) continue;
      if (REACHED[act.did] > REACHED[shown.state]) shown = { order, state: act.did, held };
    }
    return shown;
  });
}

/** Those that the crew owes something: first those not read back yet, the oldest first. */
export function openOf(shown: readonly ShownOrder[]): ShownOrder[] {
  const unread = shown.filter(({ state }) => state === "sent" || state === "seen");
  return [...unread, ...shown.filter(({ state }) => state === "confirmed")];
}
