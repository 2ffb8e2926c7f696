import { expect, it } from "vitest";
import { siftOf } from "./sift";

const SAID = ["P1", "23", "胸痛", "K03", "英阿瓦提路 × 塔南路口", "阿-07"];

it("lets everything pass while nothing is typed", () => {
  expect(siftOf("  ")([])).toBe(true);
});

it.each([
  ["胸", true],
  ["xt", true],
  ["tnl 阿07", true],
  ["Ａ07", true],
  ["p1 k03", true],
  ["p1 k05", false],
  ["兵", false],
])("%s: %s", (typed, passes) => {
  expect(siftOf(typed)(SAID)).toBe(passes);
});
