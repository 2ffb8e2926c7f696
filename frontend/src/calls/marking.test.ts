import { describe, expect, it } from "vitest";
import { marked } from "./marking";

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
