import { expect, it } from "vitest";
import { i18n } from "../i18n/index.svelte";
import { placeWords } from "./placeWords";

it("says where a broken vehicle stands in the reader's language, and what a person said as it was said", () => {
  expect(placeWords("vehicle:阿-01")).toBe(`${i18n.t.selected.placeSources.vehicle} \u2066阿-01\u2069`);
  expect(placeWords("塔南路口")).toBe("塔南路口");
});
