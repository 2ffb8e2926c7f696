import { expect, it } from "vitest";
import type { Panel } from "./liked";
import { tracksOf } from "./tracks";

it.each<[Panel[], string, string]>([
  [[], '"incidents map selected"', '"units units selected"'],
  [["map"], '"incidents units selected"', '"incidents units selected"'],
  [["units"], '"incidents map selected"', '"incidents map selected"'],
  [["incidents"], '"map map selected"', '"units units selected"'],
  [["incidents", "map"], '"units units selected"', '"units units selected"'],
  [["incidents", "map", "units"], '"selected selected selected"', '"selected selected selected"'],
])("without %j", (outside, middle, foot) => {
  expect(tracksOf(outside)).toEqual({ middle, foot });
});
