/**
 * The words of the screen in three languages. Chinese is written first; the other two are typed by it, so that a missing
 * text is an error of the compiler. Call signs, card codes and numbers are never translated.
 *
 *     <h2>{i18n.t.incidents.title}</h2>
 */

import { en } from "./en";
import { isolating } from "./isolating";
import { ug } from "./ug";
import { reasons, type ReasonCode } from "./ug/reasons";
import { zh } from "./zh";

export type Language = "zh" | "en" | "ug";
export const LANGUAGES: readonly Language[] = ["zh", "en", "ug"];
export const LANGUAGE_NAMES: Record<Language, string> = { zh: "中文", en: "English", ug: "ئۇيغۇرچە" };

export type Same<T> = { readonly [K in keyof T]: T[K] extends string ? string : T[K] extends Said ? T[K] : Same<T[K]> };
type Said = (...values: never[]) => string;
export type Texts = Same<typeof zh>;

const ALL: Record<Language, Texts> = { zh, en, ug: isolating(ug) };

class I18n {
  language = $state<Language>("zh");
  readonly t: Texts = $derived(ALL[this.language]);
  readonly direction: "ltr" | "rtl" = $derived(this.language === "ug" ? "rtl" : "ltr");

  /** The name in the chosen language; where nobody gave one, the Chinese. */
  name(names: { zh: string; en: string; ug: string }): string {
    return names[this.language] || names.zh || names.en;
  }

  /** Words that the service gives in two languages; in Uyghur by their code, or the Chinese, as on the radio. */
  words(words: { zh: string; en: string }, code?: ReasonCode): string {
    if (this.language === "ug" && code !== undefined) return reasons[code];
    return this.language === "en" ? words.en : words.zh;
  }
}

export const i18n = new I18n();
