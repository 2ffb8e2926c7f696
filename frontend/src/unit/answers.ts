/** What the caller answered, in words of the chosen language. Pure but for that language. */

import type { Schemas } from "../client/api";
import { i18n } from "../i18n/index.svelte";

export type Question = Schemas["QuestionOut"];

/** What is known of the complaint cards: enough to read a job by. */
export interface CardWords {
  names: Readonly<Record<string, Schemas["TextsOut"]>>;
  questions: Readonly<Record<string, Question>>;
  said: Schemas["CardWordsOut"] | null;
}

export const NO_CARDS: CardWords = { names: {}, questions: {}, said: null };

export interface Told {
  question: string;
  answer: string;
}

/** The answers that count, in the order in which they were first given; those of unknown questions are left out. */
export function answersTold(answers: Schemas["AnswersOut"] | null, cards: CardWords): Told[] {
  const newest = new Map<string, unknown>();
  for (const { question, value } of answers?.answers ?? []) newest.set(question, value);
  const found: Told[] = [];
  for (const [id, value] of newest) {
    const question = cards.questions[id];
    if (question === undefined || cards.said === null || value === null) continue;
    found.push({ question: i18n.name(question.text), answer: inWords(value, question, cards.said) });
  }
  return found;
}

function inWords(value: unknown, question: Question, said: Schemas["CardWordsOut"]): string {
  if (Array.isArray(value)) return value.map((one) => inWords(one, question, said)).join("、");
  if (value === "yes" || value === "no" || value === "unknown") return i18n.name(said[value]);
  if (value === "none") return i18n.name(said.not_measured);
  const option = question.options.find(({ code }) => code === value);
  if (option !== undefined) return i18n.name(option.text);
  return question.unit === "" || question.unit === "a" ? String(value) : `${String(value)} ${question.unit}`;
}
