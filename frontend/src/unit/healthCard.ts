/**
 * What a health card's code says. Pure. The true format of the region's cards is not known here: these three are invented
 * samples, each told apart for certain. Whatever else a code holds is shown as text, and nothing is guessed of it.
 *
 *     110105194912310021                           an identity number alone
 *     TARIM-CARD|1|张三（示例）|110105194912310021   name and number
 *     {"card": "sample", "name": "…", "id": "…"}    the same as JSON
 */

import { idFault, idPlain } from "./idNumber";

export interface Card {
  name: string;
  idNumber: string;
}

export type Scanned = { card: Card } | { text: string };

export function cardOf(text: string, now: number): Scanned {
  const plain = text.trim();
  const found = alone(plain) ?? barred(plain) ?? json(plain);
  // A number that fails its checksum is no number: the whole is for people to read.
  return found !== null && idFault(found.idNumber, now) === null
    ? { card: { name: found.name.trim(), idNumber: idPlain(found.idNumber) } }
    : { text: plain };
}

function alone(text: string): Card | null {
  return /^\d{17}[\dXx]$/.test(text) ? { name: "", idNumber: text } : null;
}

function barred(text: string): Card | null {
  const [kind, version, name, idNumber, ...more] = text.split("|");
  if (kind !== "TARIM-CARD" || version !== "1" || name === undefined || idNumber === undefined || more.length > 0)
    return null;
  return { name, idNumber };
}

function json(text: string): Card | null {
  if (!text.startsWith("{")) return null;
  try {
    const said = JSON.parse(text) as Record<string, unknown>;
    const { card, name, id } = said;
    return card === "sample" && typeof name === "string" && typeof id === "string" ? { name, idNumber: id } : null;
  } catch {
    return null;
  }
}
