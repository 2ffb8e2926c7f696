/** What can be entered, and whom one can ask: told once, and again until it is. */

import { api, told, type Schemas } from "../client/api";
import { i18n } from "../i18n/index.svelte";
import type { Names } from "./case/shape";
import type { Forms } from "./request/drafting.svelte";
import type { Item } from "./request/entering";

type Told = Schemas["ItemsOut"];

export function itemOf(one: Told["items"][number]): Forms["items"][number] {
  return {
    name: one.name,
    group: one.group,
    kind: one.kind as Item["kind"],
    unit: one.unit,
    low: one.low ?? 0,
    high: one.high ?? 0,
    whole: one.whole,
    words: one.words,
    deciding: one.deciding,
  };
}

export function namesOf(one: { name_zh: string; name_en: string; name_ug: string }): Names {
  return { zh: one.name_zh, en: one.name_en, ug: one.name_ug };
}

class FormsTold {
  known = $state.raw<Forms | null>(null);
  rules = $state.raw<Told["rules"]>([]);
  /** Where the region's hospitals are. */
  places = $state.raw<ReadonlyMap<string, { lat: number; lon: number }>>(new Map());
  readonly groups: readonly string[] = $derived([...new Set(this.known?.items.map(({ group }) => group) ?? [])]);
  readonly hospitals: ReadonlyMap<string, Names> = $derived(
    new Map([...(this.known?.hospitals ?? []), ...(this.known?.centres ?? [])].map(({ id, names }) => [id, names])),
  );

  /** The name of a hospital or centre in the language of the screen. */
  nameOf(id: string, unknown = "—"): string {
    const names = this.hospitals.get(id);
    return names === undefined ? unknown : i18n.name(names);
  }

  async load(): Promise<void> {
    const [items, hospitals, centres] = await Promise.all([
      told(api.GET("/api/ecmo/items")),
      told(api.GET("/api/hospitals")),
      told(api.GET("/api/ecmo/centres")),
    ]);
    this.rules = items.rules;
    this.places = new Map(hospitals.hospitals.map(({ key, lat, lon }) => [key, { lat, lon }]));
    this.known = {
      items: items.items.map(itemOf),
      hospitals: hospitals.hospitals.map((one) => ({
        id: one.key,
        names: namesOf(one),
        organisation: one.organisation,
      })),
      centres: centres.centres.map((one) => ({
        id: one.hospital.id,
        names: namesOf(one.hospital),
        outside: one.hospital.is_outside,
      })),
    };
  }
}

export const forms = new FormsTold();
