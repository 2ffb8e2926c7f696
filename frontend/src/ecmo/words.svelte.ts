/** The words of the page of ECMO transfers, which the console does not carry; the language is the same one. */

import { i18n, type Language, type Same } from "../i18n/index.svelte";
import { isolating } from "../i18n/isolating";
import { en } from "./i18n/en";
import { ug } from "./i18n/ug";
import { zh } from "./i18n/zh";

export type EcmoTexts = Same<typeof zh>;

const ALL: Record<Language, EcmoTexts> = { zh, en, ug: isolating(ug) };
type Named = Readonly<Record<string, string | undefined>>;

class Words {
  readonly t: EcmoTexts = $derived(ALL[i18n.language]);

  /** Several things in one sentence. */
  several(names: readonly string[]): string {
    return names.join(i18n.language === "zh" ? "、" : i18n.language === "ug" ? "، " : ", ");
  }

  /** The name of what has a code; one that nobody has named yet is told as it is. */
  name(kind: keyof EcmoTexts["codes"] | keyof EcmoTexts["missionCodes"], code: string): string {
    const named = { ...this.t.codes, ...this.t.missionCodes }[kind] as Named;
    return named[code] ?? code;
  }
}

export const words = new Words();
