import { expect, it } from "vitest";
import { en } from "./en";
import { ug } from "./ug";
import { zh } from "./zh";
import { en as ecmoEn } from "../ecmo/i18n/en";
import { ug as ecmoUg } from "../ecmo/i18n/ug";
import { zh as ecmoZh } from "../ecmo/i18n/zh";
import { en as unitEn } from "../unit/i18n/en";
import { ug as unitUg } from "../unit/i18n/ug";
import { zh as unitZh } from "../unit/i18n/zh";

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
  ["English", en, zh],
  ["Uyghur", ug, zh],
  ["English of the crew's page", unitEn, unitZh],
  ["Uyghur of the crew's page", unitUg, unitZh],
  ["English of ECMO transfers", ecmoEn, ecmoZh],
  ["Uyghur of ECMO transfers", ecmoUg, ecmoZh],
])("%s says everything, in its own script", (_, texts, first) => {
  const told = leaves(texts);
  expect(told.map(([path]) => path)).toEqual(expect.arrayContaining(leaves(first).map(([path]) => path)));
  expect(told.filter(([, text]) => text.trim() === "")).toEqual([]);
  const chinese = told.filter(
    ([path, text]) => !KEPT.has(path) && HAN.test(text.replaceAll("派 阿-07 23", "").replaceAll("阿-07", "")),
  );
  expect(chinese).toEqual([]);
});

it.each([
  ["the console", zh, en, ug],
  ["the crew's page", unitZh, unitEn, unitUg],
  ["ECMO transfers", ecmoZh, ecmoEn, ecmoUg],
])("%s keeps every value that a sentence takes", (_, first, second, third) => {
  const english = new Map(leaves(second));
  const uyghur = new Map(leaves(third));
  for (const [path, text] of leaves(first)) {
    for (const value of text.match(/⟨\d⟩/g) ?? []) {
      expect(english.get(path), path).toContain(value);
      expect(uyghur.get(path), path).toContain(value);
    }
  }
});
