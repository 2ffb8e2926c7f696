/** What a complaint card is called. The cards are data of the service; until they are here, the code stands alone. */

import { cards } from "../cards/cards.svelte";
import { i18n } from "../i18n/index.svelte";

export const complaints = {
  /** The name in the chosen language; "" while it is not known. */
  name(code: string): string {
    const card = cards.card(code);
    return card === undefined ? "" : i18n.name(card.name);
  },
};
