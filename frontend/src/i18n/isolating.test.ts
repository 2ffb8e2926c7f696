import { expect, it } from "vitest";
import { isolating } from "./isolating";

it("keeps the direction of each value, and leaves all else as it is", () => {
  const texts = {
    plain: "ۋەقە",
    of: (number: string) => `ۋەقە ${number}`,
    days: ["يەكشەنبە"],
    deep: { of: () => "x" },
  };
  const told = isolating(texts);
  expect(told.of("2026-000123")).toBe("ۋەقە \u20682026-000123\u2069");
  expect(told.of("")).toBe("ۋەقە ");
  expect([told.plain, told.days, told.deep.of()]).toEqual(["ۋەقە", ["يەكشەنبە"], "x"]);
});
