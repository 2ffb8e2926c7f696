/** The first Latin letter of a Chinese character's reading, so that 阿-07 is also A7. By the browser's own pinyin order. */

/** The first character of each initial in that order; there is none for i, u and v. */
const FIRST: readonly [string, string][] = [
  ["a", "阿"],
  ["b", "八"],
  ["c", "嚓"],
  ["d", "哒"],
  ["e", "妸"],
  ["f", "发"],
  ["g", "旮"],
  ["h", "哈"],
  ["j", "丌"],
  ["k", "咔"],
  ["l", "垃"],
  ["m", "妈"],
  ["n", "拏"],
  ["o", "噢"],
  ["p", "妑"],
  ["q", "七"],
  ["r", "呥"],
  ["s", "仨"],
  ["t", "他"],
  ["w", "屲"],
  ["x", "夕"],
  ["y", "丫"],
  ["z", "帀"],
];
const order = new Intl.Collator("zh-u-co-pinyin").compare;
/** What was found before: a board asks for the same few hundred again and again. */
const KNOWN = new Map<string, string>();
const HAN = /^\p{Script=Han}$/u;

/** "a" for 阿; what is no Chinese character is given back in small letters. */
export function initialOf(character: string): string {
  const known = KNOWN.get(character);
  if (known !== undefined) return known;
  const found = HAN.test(character)
    ? (FIRST.findLast(([, first]) => order(first, character) <= 0)?.[0] ?? character)
    : character.toLowerCase();
  KNOWN.set(character, found);
  return found;
}
