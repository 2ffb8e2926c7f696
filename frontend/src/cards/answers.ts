/** What a digit answers, and which question comes next. Pure: the rules themselves are the service's. */

import type { Schemas } from "../client/api";

export type Question = Schemas["QuestionOut"];
export type Texts = Schemas["TextsOut"];
export type Answer = string | number | string[];
export type Answers = Readonly<Record<string, Answer>>;
export interface Option {
  code: string;
  text: Texts;
}

export const UNKNOWN = "unknown";
/** "None of these" of several; "nobody measured it" of a number. */
export const NONE = "none";
type Words = Schemas["CardWordsOut"];

/** What can be answered, in the order of the digits: 1 is the first. Unknown is always the last. */
export function optionsOf(question: Question, words: Words): Option[] {
  const unknown = { code: UNKNOWN, text: words.unknown };
  switch (question.kind) {
    case "yes_no":
      return [{ code: "yes", text: words.yes }, { code: "no", text: words.no }, unknown];
    case "number":
      return question.optional ? [{ code: NONE, text: words.not_measured }, unknown] : [unknown];
    default:
      return [...question.options, unknown];
  }
}

/** Whether an option is part of an answer. */
export function holds(answer: Answer | undefined, code: string): boolean {
  return Array.isArray(answer) ? answer.includes(code) : answer === code;
}

/** The answer once an option was chosen; undefined: nothing is answered any more. */
export function chosen(question: Question, before: Answer | undefined, code: string): Answer | undefined {
  if (question.kind !== "several" || code === UNKNOWN) return before === code ? undefined : code;
  if (code === NONE) return holds(before, NONE) ? undefined : [NONE];
  const others = Array.isArray(before) ? before.filter((one) => one !== NONE) : [];
  const after = others.includes(code) ? others.filter((one) => one !== code) : [...others, code];
  if (after.length === 0) return undefined;
  return question.options.map((option) => option.code).filter((one) => after.includes(one));
}

/** The answer that a digit gives; null: that digit means nothing here. */
export function byDigit(
  question: Question,
  words: Words,
  before: Answer | undefined,
  digit: number,
): { answer: Answer | undefined } | null {
  const option = optionsOf(question, words)[digit - 1];
  return option === undefined ? null : { answer: chosen(question, before, option.code) };
}

/** A number as it is typed; null: it is none, or out of its range. */
export function numberOf(question: Question, text: string): number | null {
  const plain = text.normalize("NFKC").trim().replace(",", ".");
  if (!/^\d{1,5}(\.\d{1,2})?$/.test(plain)) return null;
  const value = Number(plain);
  const { low, high } = question;
  return (low === null || value >= low) && (high === null || value <= high) ? value : null;
}

/** The question after this one that has no answer; when all behind it have one, the first that has none; else null. */
export function nextOpen(ask: readonly string[], answers: Answers, after: string | null): string | null {
  const from = after === null ? 0 : ask.indexOf(after) + 1;
  return [...ask.slice(from), ...ask.slice(0, from)].find((key) => !(key in answers)) ?? null;
}

/** The one before, or after, in the card's order; at the ends the same. */
export function beside(ask: readonly string[], at: string | null, by: 1 | -1): string | null {
  const place = at === null ? -1 : ask.indexOf(at);
  return ask[Math.max(0, Math.min(ask.length - 1, place + by))] ?? null;
}

/** Answers without one. */
export function without<T>(all: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([one]) => one !== key));
}
