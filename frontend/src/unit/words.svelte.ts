/** The words of the crew's page, which the console does not carry; the language is the same one. */

import { i18n, type Language, type Same } from "../i18n/index.svelte";
import { isolating } from "../i18n/isolating";
import { en } from "./i18n/en";
import { ug } from "./i18n/ug";
import { zh } from "./i18n/zh";

export type UnitTexts = Same<typeof zh>;

const ALL: Record<Language, UnitTexts> = { zh, en, ug: isolating(ug) };

class Words {
  readonly t: UnitTexts = $derived(ALL[i18n.language]);
}

export const words = new Words();
