/** The region that this service answers for. */

import { api, told, type Schemas } from "../client/api";
import { i18n } from "../i18n/index.svelte";

export type Served = Schemas["RegionOut"];

class Region {
  served = $state.raw<Served | null>(null);
  readonly name: string = $derived.by(() => {
    const { served } = this;
    if (served === null) return "";
    return (i18n.language === "en" ? served.name_en : served.name_zh) || served.name;
  });

  async load(): Promise<void> {
    const { regions } = await told(api.GET("/api/regions"));
    this.served = regions.find((one) => one.served) ?? null;
  }
}

export const region = new Region();
