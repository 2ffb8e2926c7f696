import { describe, expect, it } from "vitest";
import { beside, byDigit, chosen, nextOpen, numberOf, optionsOf, without, type Question } from "./answers";

const text = (zh: string) => ({ zh, en: zh, ug: zh });
const WORDS = {
  yes: text("是"),
  no: text("否"),
  unknown: text("不详"),
  not_measured: text("没量"),
  other: text("无"),
};
const plain: Question = {
  id: "c",
  letter: "c",
  text: text("?"),
  kind: "yes_no",
  options: [],
  unit: "",
  low: null,
  high: null,
  normal: "no",
  critical: false,
  optional: false,
};
const several: Question = {
  ...plain,
  id: "j",
  kind: "several",
  options: ["heart", "allergy", "none"].map((code) => ({ code, text: text(code) })),
};
const age: Question = { ...plain, id: "i", kind: "number", low: 0, high: 125, unit: "a" };

describe("digits", () => {
  it("answer in the order of the options, with unknown last", () => {
    expect(optionsOf(plain, WORDS).map(({ code }) => code)).toEqual(["yes", "no", "unknown"]);
    expect(byDigit(plain, WORDS, undefined, 2)).toEqual({ answer: "no" });
    expect(byDigit(plain, WORDS, undefined, 4)).toBeNull();
    expect(byDigit(several, WORDS, ["heart"], 4)).toEqual({ answer: "unknown" });
  });

  it("take an answer back when it is given twice", () => {
    expect(byDigit(plain, WORDS, "no", 2)).toEqual({ answer: undefined });
    expect(chosen(several, ["heart"], "heart")).toBeUndefined();
  });

  it("collect several in the card's order; none of these excludes the others", () => {
    expect(chosen(several, ["allergy"], "heart")).toEqual(["heart", "allergy"]);
    expect(chosen(several, ["heart", "allergy"], "none")).toEqual(["none"]);
    expect(chosen(several, ["none"], "heart")).toEqual(["heart"]);
    expect(chosen(several, "unknown", "heart")).toEqual(["heart"]);
  });
});

describe("numbers", () => {
  it.each([
    ["58", 58],
    [" ５８ ", 58],
    ["36.5", 36.5],
    ["36,5", 36.5],
    ["126", null],
    ["-1", null],
    ["", null],
    ["1e3", null],
    ["五十", null],
  ])("reads %j as %j", (typed, value) => {
    expect(numberOf(age, typed)).toBe(value);
  });

  it("may be left unmeasured only where that is said", () => {
    expect(optionsOf(age, WORDS).map(({ code }) => code)).toEqual(["unknown"]);
    expect(optionsOf({ ...age, optional: true }, WORDS).map(({ code }) => code)).toEqual(["none", "unknown"]);
  });
});

describe("the next question", () => {
  const ask = ["a", "b", "c"];
  it("is the next without an answer, then the first that was passed over", () => {
    expect(nextOpen(ask, {}, null)).toBe("a");
    expect(nextOpen(ask, { a: "yes" }, "a")).toBe("b");
    expect(nextOpen(ask, { c: "no" }, "c")).toBe("a");
    expect(nextOpen(ask, { a: "yes", b: "yes", c: "no" }, "b")).toBeNull();
  });

  it("stays at the ends", () => {
    expect([beside(ask, "c", 1), beside(ask, "a", -1), beside(ask, "b", -1), beside(ask, null, 1)]).toEqual([
      "c",
      "a",
      "a",
      "a",
    ]);
  });

  it("loses an answer that is taken back", () => {
    expect(without({ a: "yes", b: "no" }, "b")).toEqual({ a: "yes" });
  });
});
