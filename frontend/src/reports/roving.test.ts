import { expect, test } from "vitest";
import { stepped } from "./roving";

test("arrows go along a row and from row to row, and stop at the edges", () => {
  expect(stepped("ArrowRight", 0, 48, 24)).toBe(1);
  expect(stepped("ArrowLeft", 0, 48, 24)).toBeNull();
  expect(stepped("ArrowDown", 3, 48, 24)).toBe(27);
  expect(stepped("ArrowDown", 27, 48, 24)).toBeNull();
  expect(stepped("ArrowUp", 27, 48, 24)).toBe(3);
  expect(stepped("Home", 27, 48, 24)).toBe(0);
  expect(stepped("End", 27, 48, 24)).toBe(47);
  expect(stepped("Enter", 27, 48, 24)).toBeNull();
});
