/** What was written down, in words of the chosen language. */

import { i18n } from "../i18n/index.svelte";
import { chart } from "./chart.svelte";
import { SIGNALS, TILES, valueText, type Said } from "./charting";
import { words } from "./words.svelte";

export function amountText(amount: number | null, unit: string): string {
  return amount === null ? "" : `${String(Math.round(amount * 1000) / 1000)} ${unit}`;
}

type Told = Pick<Said, "values" | "treatment" | "amount"> & Partial<Pick<Said, "words">>;

/** "血压 98/60", "肾上腺素 1 mg". */
export function entryText({ values, treatment, amount, words: told }: Told): string {
  if (treatment !== null) {
    const known = chart.treatments.get(treatment);
    const name = known === undefined ? (told ?? i18n.t.orders.unlisted) : i18n.name(known);
    // An amount reads from left to right in every language.
    return amount === null ? name : `${name} \u2066${amountText(amount, known?.unit ?? "")}\u2069`;
  }
  const said = values ?? {};
  return TILES.filter((tile) => SIGNALS[tile].some((name) => name in said))
    .map((tile) => {
      const text = SIGNALS[tile].map((name) => valueText(name, said[name], chart.signals)).join("/");
      return `${words.t.chart.tiles[tile]} ${text}`;
    })
    .join(" · ");
}
