import { expect, it } from "vitest";
import { callerBody, callersOf, nextPlace, type Caller } from "./callers";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const caller = (id: string, place: number, now: boolean, from_at = "2026-11-27T00:00:00Z"): Caller => ({
  id,
  person_id: id,
  name: id,
  place,
  from_at,
  until_at: "2026-11-28T00:00:00Z",
  now,
});

it("tells who is called first, and puts who is entered next behind them", () => {
  const on_call = [caller("b", 2, true), caller("later", 1, false), caller("a", 1, true)];
  const found = callersOf({ on_call });
  expect([found.now.map(({ id }) => id), found.next.map(({ id }) => id)]).toEqual([["a", "b"], ["later"]]);
  expect([nextPlace({ on_call }), nextPlace({ on_call: [] })]).toEqual([3, 1]);
});

it("sends a duty of the roster in true time, and marks what holds it up", () => {
  const typed = { personId: "a", place: "2", from: "2026-11-27T20:00", until: "2026-11-28T08:00" };
  expect(callerBody(typed, NOW).body).toEqual({
    person_id: "a",
    place: 2,
    from_at: "2026-11-27T12:00:00.000Z",
    until_at: "2026-11-28T00:00:00.000Z",
  });
  const wrong = callerBody({ personId: "", place: "0", from: typed.until, until: typed.from }, NOW);
  expect([wrong.body, wrong.wrong]).toEqual([null, ["person", "place", "times"]]);
});
