/** Why the service did not take something, in the chosen language: by its stable code, never in its own words. */

import { NoAnswer, Refusal } from "../client/api";
import { i18n, type Texts } from "./index.svelte";

type Why = keyof Texts["refusals"]["why"];
type Words = Readonly<Record<string, string | undefined>>;

const WHY_OF_STATUS: Readonly<Record<number, Why | undefined>> = {
  400: "wrong",
  401: "forbidden",
  403: "forbidden",
  404: "missing",
  409: "clash",
  410: "missing",
  413: "wrong",
  415: "wrong",
  422: "wrong",
  429: "away",
};
const OWN_FAULT = 500;

/**
 * `code`: "" where no answer came. One without words of its own is told by what it is about and by its HTTP `status`,
 * with the code beside them for whoever is asked for help.
 */
export function refusalWords(code: string, status = 0): string {
  const { acts, refusals } = i18n.t;
  if (code === "") return acts.unanswered;
  const own = (refusals.codes as Words)[code];
  if (own !== undefined) return own;
  const about = (refusals.about as Words)[code.split(".")[0] ?? ""];
  const why = refusals.why[status > OWN_FAULT ? "away" : (WHY_OF_STATUS[status] ?? "other")];
  return about === undefined ? refusals.bare(why, code) : refusals.of(about, why, code);
}

/** Why the service did not do what it was asked: "" where no answer came. Whatever else went wrong is thrown again. */
export function refusedWords(error: unknown): string {
  if (error instanceof Refusal) return refusalWords(error.code, error.status);
  if (error instanceof NoAnswer) return "";
  throw error;
}

/** The same with words also for the answer that did not come. */
export function troubleWords(error: unknown): string {
  return refusedWords(error) || i18n.t.refusals.unanswered;
}
