import { expect, it, vi } from "vitest";
import { PLAIN } from "../shell/liked";
import { Joined, type Said, type Wire } from "./joined";

/** Two windows on one channel: what one says, the other hears, and never itself. */
function pair(): [Wire, Wire, Said[]] {
  const told: Said[] = [];
  const made = (other: () => Wire): Wire => ({
    postMessage: (said) => {
      told.push(said);
      other().onmessage?.({ data: structuredClone(said) });
    },
    onmessage: null,
    close: () => undefined,
  });
  const one: Wire = made(() => two);
  const two: Wire = made(() => one);
  return [one, two, told];
}
const chosen = (incidentId: string | null): Said & { kind: "chosen" } => ({
  kind: "chosen",
  chosen: { incidentId, unitId: null },
});

it("what one window chooses the other has, and does not say back", () => {
  const [left, right, told] = pair();
  const main = new Joined(left, {});
  const panel = new Joined(right, { chosen: (said) => panel.tell(said) });
  main.tell(chosen("i1"));
  main.tell(chosen("i1"));
  expect(told).toEqual([chosen("i1")]);
  panel.tell(chosen("i2"));
  main.tell(chosen("i1"));
  expect(told).toEqual([chosen("i1"), chosen("i2"), chosen("i1")]);
});

it("each kind is heard by who asked for it, and nothing is heard after the end", () => {
  const [left, right] = pair();
  const [here, liked] = [vi.fn(), vi.fn()];
  const main = new Joined(left, { here, liked });
  const panel = new Joined(right, {});
  panel.say({ kind: "here", panel: "map" });
  panel.tell({ kind: "liked", liked: PLAIN });
  panel.say({ kind: "who" });
  expect([here.mock.calls, liked.mock.calls.length]).toEqual([[[{ kind: "here", panel: "map" }]], 1]);
  main.close();
  panel.say({ kind: "here", panel: "units" });
  expect(here).toHaveBeenCalledTimes(1);
});
