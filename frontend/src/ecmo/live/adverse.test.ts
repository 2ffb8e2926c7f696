import { expect, test } from "vitest";
import { countOf, ITEMS, type Adverse, type Item } from "./adverse";

const event = (item: Item, at: string): Adverse => ({
  id: at,
  item,
  category: "patient",
  severity: 2,
  code: `patient.2.${item}`,
  phase: "returning",
  at,
  entered_at: at,
  name: null,
  corrects: null,
});

test("each item says how often it was, and when last", () => {
  const events = [event("bleeding", "2026-11-27T03:00:00Z"), event("bleeding", "2026-11-27T02:00:00Z")];
  expect(countOf(events, "bleeding")).toEqual({ number: 2, lastMs: Date.parse("2026-11-27T03:00:00Z") });
  expect(countOf(events, "air")).toEqual({ number: 0, lastMs: null });
});

test("each item is offered once", () => {
  expect(new Set(ITEMS).size).toBe(ITEMS.length);
});
