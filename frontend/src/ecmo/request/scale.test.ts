import { expect, it } from "vitest";
import { pointWords, scaleOf, scoreWords } from "./scale";

const RESP = [
  { name: "I", lowest: 6 },
  { name: "II", lowest: 3 },
  { name: "III", lowest: -1 },
  { name: "IV", lowest: -5 },
  { name: "V", lowest: -22 },
];

it("lays classes side by side from the worst to the best", () => {
  const scale = scaleOf(RESP, -22, 15, 2, 6);
  expect(scale?.segments.map(({ name, from, to }) => [name, from, to])).toEqual([
    ["V", 0, 20],
    ["IV", 20, 40],
    ["III", 40, 60],
    ["II", 60, 80],
    ["I", 80, 100],
  ]);
  expect(scale?.segments.filter(({ lit }) => lit).map(({ name }) => name)).toEqual(["III", "II", "I"]);
  expect(scale?.box).toEqual({ from: 55, to: 80 });
});

it("draws a single score as a mark that stays on the bar", () => {
  expect(scaleOf(RESP, -22, 15, 15, 15)?.box).toEqual({ from: 98.5, to: 100 });
  expect(scaleOf(RESP, -22, 15, -22, -22)?.box).toEqual({ from: 0, to: 1.5 });
});

it("keeps a score beyond every class on the bar", () => {
  expect(scaleOf(RESP, -22, 15, -99, 99)?.box).toEqual({ from: 0, to: 100 });
});

it("draws nothing of a score without classes", () => expect(scaleOf([], 3, 15, 3, 15)).toBeNull());

it("tells a range with true minus signs", () => {
  expect([scoreWords(2, 6), scoreWords(-4, -1), scoreWords(3.5, 3.5, 2), scoreWords(0, 0)]).toEqual([
    "2 ～ 6",
    "−4 ～ −1",
    "3.50",
    "0",
  ]);
  expect([pointWords(3), pointWords(0), pointWords(-7), pointWords(-3, 0)]).toEqual(["+3", "0", "−7", "−3～0"]);
});
