import { describe, expect, it } from "vitest";
import { findCards, type Card } from "./search";

const card = (id: string, zh: string, en: string, ug: string, keys: string[]): Card => ({
  id,
  name: { zh, en, ug },
  keys,
  ask: ["a", "b"],
  p1: [],
  p2: [],
  other: "P3",
  needs: [],
  alerts: [],
  path: "",
  instructions: [],
  arrest_instructions: [],
  universal: true,
  grades_consciousness: false,
});
const CARDS = [
  card("K03", "胸痛", "Chest pain", "كۆكرەك ئاغرىقى", ["xt", "xiongtong"]),
  card("K10", "交通事故", "Road crash", "قاتناش ھادىسىسى", ["jtsg", "jiaotongshigu"]),
  card("K13", "颅脑外伤", "Head injury", "باش يارىسى", ["lnws", "lunaowaishang"]),
  card("K30", "精神、自伤", "Mental crisis", "روھىي ھالەت", ["jszs", "jingshenzishang"]),
];
const found = (typed: string) => findCards(CARDS, typed).map(({ id }) => id);

describe("a card is found", () => {
  it.each([
    ["k03", ["K03"]],
    ["3", ["K03"]],
    ["K3", ["K03"]],
    ["xt", ["K03"]],
    ["胸", ["K03"]],
    ["chest", ["K03"]],
    ["كۆكرەك", ["K03"]],
    ["jiaotong", ["K10"]],
    ["伤", ["K13", "K30"]],
    ["ＸＴ", ["K03"]],
    ["zz", []],
    ["99", []],
  ])("by %j", (typed, ids) => {
    expect(found(typed)).toEqual(ids);
  });

  it("among all while nothing is typed", () => {
    expect(found(" ")).toEqual(["K03", "K10", "K13", "K30"]);
  });
});
