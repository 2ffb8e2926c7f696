import { describe, expect, it } from "vitest";
import { confirmedBy, countOf, foremost, latched, type Latch } from "./latch";
import type { Condition } from "./rules";

const NOTHING: Latch = new Map();
const alarm = (id: string, urgency: Condition["urgency"], since = 0): Condition => ({
  id,
  kind: "waiting",
  urgency,
  since,
  incidentId: id,
  incidentNumber: "23",
  callSign: "",
});

describe("an alarm", () => {
  it("stays until it is confirmed, even when its cause has gone", () => {
    const raised = latched(NOTHING, [alarm("a", "high")], 10);
    const gone = latched(raised, [], 20);
    expect(gone.get("a")).toMatchObject({ over: true, confirmed: null, raisedAt: 10 });
    expect(confirmedBy(gone, "a", "wang", 30).size).toBe(0);
  });

  it("that was confirmed goes with its cause, and comes again as a new one", () => {
    const held = confirmedBy(latched(NOTHING, [alarm("a", "high")], 10), "a", "wang", 20);
    expect(held.get("a")?.confirmed).toEqual({ by: "wang", at: 20 });
    expect(latched(held, [], 30).size).toBe(0);
    expect(latched(latched(held, [], 30), [alarm("a", "high")], 40).get("a")).toMatchObject({
      raisedAt: 40,
      confirmed: null,
    });
  });

  it("that becomes more urgent is a new one", () => {
    const held = confirmedBy(latched(NOTHING, [alarm("a", "medium")], 10), "a", "wang", 20);
    expect(latched(held, [alarm("a", "high")], 30).get("a")).toMatchObject({ urgency: "high", confirmed: null });
    expect(latched(held, [alarm("a", "low")], 30).get("a")?.confirmed).not.toBeNull();
  });

  it("that came back before anybody confirmed it is still the same", () => {
    const back = latched(latched(latched(NOTHING, [alarm("a", "high")], 10), [], 20), [alarm("a", "high")], 30);
    expect(back.get("a")).toMatchObject({ over: false, raisedAt: 10 });
  });

  it("changes nothing where nothing changed", () => {
    const raised = latched(NOTHING, [alarm("a", "high")], 10);
    expect(latched(raised, [alarm("a", "high")], 20)).toBe(raised);
  });
});

it("the most urgent and newest comes first", () => {
  const first = latched(NOTHING, [alarm("a", "medium"), alarm("b", "high")], 10);
  const later = latched(first, [alarm("a", "medium"), alarm("b", "high"), alarm("c", "high")], 20);
  expect(foremost(later)?.id).toBe("c");
  expect(foremost(confirmedBy(later, "c", "wang", 30))?.id).toBe("b");
  expect(countOf(confirmedBy(later, "c", "wang", 30), "high")).toEqual({ all: 2, fresh: 1 });
});
