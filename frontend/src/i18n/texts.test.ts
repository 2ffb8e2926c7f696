import { expect, it } from "vitest";
import { en } from "./en";
import { ug } from "./ug";
import { zh } from "./zh";

type Leaf = [path: string, text: string];
const HAN = /\p{Script=Han}/u;
/** Signs of the two organisations: part of the drawing language, and the same in Chinese and English. */
const KEPT = new Set(["codes.system.civil", "codes.system.corps"]);

function leaves(texts: unknown, path = ""): Leaf[] {
  if (typeof texts === "string") return [[path, texts]];
  if (typeof texts === "function") return [[path, String((texts as (...all: string[]) => string)("⟨1⟩", "⟨2⟩"))]];
  return Object.entries(texts as object).flatMap(([key, value]) => leaves(value, path === "" ? key : `${path}.${key}`));
}

it.each([
  ["English", en],
  ["Uyghur", ug],
])("%s says everything, in its own script", (_, texts) => {
  const told = leaves(texts);
  expect(told.map(([path]) => path)).toEqual(expect.arrayContaining(leaves(zh).map(([path]) => path)));
  expect(told.filter(([, text]) => text.trim() === "")).toEqual([]);
  const chinese = told.filter(
    ([path, text]) => !KEPT.has(path) && HAN.test(text.replaceAll("派 阿-07 23", "").replaceAll("阿-07", "")),
  );
  expect(chinese).toEqual([]);
});

it("keeps every value that a sentence takes", () => {
  const english = new Map(leaves(en));
  const uyghur = new Map(leaves(ug));
  for (const [path, text] of leaves(zh)) {
    for (const value of text.match(/⟨\d⟩/g) ?? []) {
      expect(english.get(path), path).toContain(value);
      expect(uyghur.get(path), path).toContain(value);
    }
  }
});
