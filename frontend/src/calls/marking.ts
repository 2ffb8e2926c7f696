/** Showing which part of a name was typed. */

export interface Piece {
  text: string;
  typed: boolean;
}

/** The label in pieces; where what was typed is another spelling (pinyin, initials), nothing is marked. */
export function marked(label: string, typed: string): Piece[] {
  const words = typed
    .split(/[\s,，×x]+/u)
    .filter((word) => word !== "")
    .sort((one, other) => other.length - one.length);
  if (words.length === 0) return [{ text: label, typed: false }];
  const pattern = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "giu");
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of label.matchAll(pattern)) {
    if (found.index > from) pieces.push({ text: label.slice(from, found.index), typed: false });
    pieces.push({ text: found[0], typed: true });
    from = found.index + found[0].length;
  }
  if (from < label.length) pieces.push({ text: label.slice(from), typed: false });
  return pieces;
}

const DIRECTION = /(?:往|去|向)[\p{Script=Han}]+(?:方向)?|[上下]行|\b(?:towards?|to)\s+\p{L}+/u;

/** The direction of travel among what was typed, for roads of two carriageways; "" where nobody said one. */
export function directionOf(typed: string): string {
  return DIRECTION.exec(typed)?.[0] ?? "";
}
