import { expect, it } from "vitest";
import { cardOf } from "./healthCard";

const NOW = Date.parse("2026-11-27T04:00:00Z");
const ID = "11010519491231002X";

it("reads the sample formats", () => {
  expect(cardOf(` ${ID.toLowerCase()} `, NOW)).toEqual({ card: { name: "", idNumber: ID } });
  expect(cardOf(`TARIM-CARD|1|示例甲|${ID}`, NOW)).toEqual({ card: { name: "示例甲", idNumber: ID } });
  expect(cardOf(JSON.stringify({ card: "sample", name: "示例甲", id: ID }), NOW)).toEqual({
    card: { name: "示例甲", idNumber: ID },
  });
});

it("guesses nothing of what it does not know", () => {
  const unknown = [
    "https://example.org/card?id=11010519491231002X",
    "110105194912310021",
    `TARIM-CARD|2|示例甲|${ID}`,
    `TARIM-CARD|1|示例甲|${ID}|more`,
    `{"name": "示例甲", "id": "${ID}"}`,
    "{broken",
    "[1]",
    "",
  ];
  for (const text of unknown) expect(cardOf(text, NOW)).toEqual({ text });
});
