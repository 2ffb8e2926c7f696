import { expect, it } from "vitest";
import { Shelves } from "./sprites";

it("finds room in rows, none over another, until the sheet is full", () => {
  const shelves = new Shelves(100);
  const places = [
    [40, 20],
    [40, 18],
    [40, 20],
    [30, 30],
    [100, 40],
  ].map(([width = 0, height = 0]) => shelves.find(width, height));
  expect(places).toEqual([
    { x: 0, y: 0, width: 40, height: 20 },
    { x: 41, y: 0, width: 40, height: 18 },
    { x: 0, y: 21, width: 40, height: 20 },
    { x: 0, y: 42, width: 30, height: 30 },
    undefined,
  ]);
  expect(new Shelves(100).find(101, 10)).toBeUndefined();
});
