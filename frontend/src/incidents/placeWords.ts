/** A place in words of the chosen language: what a person said as it was said, what the service wrote as its code says. */

import { i18n } from "../i18n/index.svelte";

const AT_VEHICLE = "vehicle:";

export function placeWords(words: string): string {
  if (!words.startsWith(AT_VEHICLE)) return words;
  return `${i18n.t.selected.placeSources.vehicle} \u2066${words.slice(AT_VEHICLE.length)}\u2069`;
}
