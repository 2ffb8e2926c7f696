import { expect, it } from "vitest";
import { inColumns } from "./columns";

const block = (head: string, count: number) => ({
  head,
  items: Array.from({ length: count }, (_, at) => `${head}${at}`),
});
const told = (columns: ReturnType<typeof inColumns<string, string>>) =>
  columns.map((column) => column.map((line) => (line.kind === "head" ? line.head.toUpperCase() : line.item)).join(" "));

it("fills columns of one height, and tells the station again where it goes on", () => {
  expect(told(inColumns([block("a", 2), block("b", 4), block("c", 1)], 2))).toEqual([
    "A a0 a1 B b0",
    "B b1 b2 b3 C c0",
  ]);
});
it("leaves no head alone at the end of a column", () => {
  expect(told(inColumns([block("a", 3), block("b", 3)], 2))).toEqual(["A a0 a1 a2", "B b0 b1 b2"]);
});
it("leaves out nothing, however many stations there are", () => {
  const blocks = Array.from({ length: 40 }, (_, at) => block(`s${at}.`, at % 5));
  const items = inColumns(blocks, 3)
    .flat()
    .filter((line) => line.kind === "item");
  expect(items.length).toBe(blocks.reduce((sum, { items: all }) => sum + all.length, 0));
  expect(told(inColumns([], 3))).toEqual(["", "", ""]);
});
it("fills what is in sight of a column before it begins another", () => {
  expect(told(inColumns([block("a", 1), block("b", 1)], 2, 4))).toEqual(["A a0 B b0", ""]);
});
