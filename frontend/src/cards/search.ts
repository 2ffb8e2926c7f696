/** Finding a complaint card by what is typed: its number, pinyin or initials, or a part of its name in any language. */

import type { Schemas } from "../client/api";

export type Card = Schemas["CardOut"];

/** The likeliest first; with nothing typed all of them. */
export function findCards(cards: readonly Card[], typed: string): Card[] {
  const wanted = typed.normalize("NFKC").trim().toLowerCase();
  if (wanted === "") return [...cards];
  return cards
    .map((card) => ({ card, rank: rankOf(card, wanted) }))
    .filter(({ rank }) => rank > 0)
    .sort((one, other) => other.rank - one.rank || one.card.id.localeCompare(other.card.id))
    .map(({ card }) => card);
}

function rankOf(card: Card, wanted: string): number {
  const number = /^k?0?(\d{1,2})$/.exec(wanted)?.[1];
  if (number !== undefined) return Number(card.id.slice(1)) === Number(number) ? 9 : 0;
  const names = [card.name.zh, card.name.en, card.name.ug].map((name) => name.toLowerCase());
  if (names.includes(wanted) || card.keys.includes(wanted)) return 8;
  if (names.some((name) => name.startsWith(wanted))) return 6;
  if (card.keys.some((key) => key.startsWith(wanted))) return 5;
  if (names.some((name) => name.includes(wanted))) return 3;
  return card.keys.some((key) => wanted.length > 1 && key.includes(wanted)) ? 1 : 0;
}
