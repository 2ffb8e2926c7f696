import { describe, expect, it } from "vitest";
import { directionOf, marked } from "./marking";

const shown = (label: string, typed: string) =>
  marked(label, typed)
    .map((piece) => (piece.typed ? `[${piece.text}]` : piece.text))
    .join("");

describe("what was typed", () => {
  it.each([
    ["英阿瓦提路 × 塔南路", "塔南 英阿", "[英阿]瓦提路 × [塔南]路"],
    ["G314 K1005+400", "k1005", "G314 [K1005]+400"],
    ["塔南路", "tnl", "塔南路"],
    ["a.b", ".", "a[.]b"],
    ["塔南路", " ", "塔南路"],
    ["", "塔", ""],
  ])("in %j by %j", (label, typed, pieces) => {
    expect(shown(label, typed)).toBe(pieces);
  });
});

describe("the direction of travel", () => {
  it.each([
    ["G3012 K1005 往库车", "往库车"],
    ["G3012 K1005+300 上行", "上行"],
    ["g314 k1010 towards Kuqa", "towards Kuqa"],
    ["塔南路 英阿瓦提路", ""],
    ["10团5连", ""],
  ])("in %j is %j", (typed, direction) => {
    expect(directionOf(typed)).toBe(direction);
  });
});
