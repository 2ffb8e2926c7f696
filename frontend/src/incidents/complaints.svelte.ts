/** What a complaint card is called. The cards are data of the service; until they are here, the code stands alone. */

import { api, told, type Schemas } from "../client/api";
import { i18n } from "../i18n/index.svelte";

type ComplaintName = Schemas["TextsOut"];

class Complaints {
  #names = $state.raw<ReadonlyMap<string, ComplaintName>>(new Map());

  async load(): Promise<void> {
    const { cards } = await told(api.GET("/api/cards"));
    this.#names = new Map(cards.map(({ id, name }) => [id, name]));
  }

  /** The name in the chosen language; "" while it is not known. */
  name(code: string): string {
    const names = this.#names.get(code);
    return names ? i18n.name(names) : "";
  }
}

export const complaints = new Complaints();
