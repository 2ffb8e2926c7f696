/** What is ordered, in words of the chosen language. */

import type { Schemas } from "../client/api";
import { i18n } from "../i18n/index.svelte";
import { chart } from "./chart.svelte";
import { amountText } from "./chartWords";
import type { Order } from "./ordering";

/** "肾上腺素 1 mg · 静推". */
export function orderText(order: Order, forms: Schemas["OrderFormsOut"] | null): string {
  const known = chart.treatments.get(order.treatment);
  const unlisted = order.treatment === "other" ? i18n.t.orders.other : order.treatment;
  const name = known === undefined ? unlisted : i18n.name(known);
  const amount = order.amount === null ? "" : ` \u2066${amountText(order.amount, order.unit)}\u2069`;
  const route = forms?.routes.find(({ code }) => code === order.route);
  return `${name}${amount}${route === undefined ? "" : ` · ${i18n.name(route)}`}`;
}
