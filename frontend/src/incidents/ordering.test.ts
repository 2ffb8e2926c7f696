import { expect, it } from "vitest";
import { inOrder, pinnedFirst, type Ordered } from "./ordering";

const row = (id: string, priority: string, t0: string, waits: boolean): Ordered =>
  ({ id, row: { priority, t0 }, progress: { waits } }) as Ordered;

it("puts the most urgent first, of those what waits, of those the oldest", () => {
  const rows = [
    row("e", "P2", "2026-11-22T04:00:00Z", true),
    row("d", "P1", "2026-11-22T03:00:00Z", false),
    row("c", "P1", "2026-11-22T04:02:00Z", true),
    row("b", "P1", "2026-11-22T04:01:00Z", true),
    row("a", "P1", "2026-11-22T04:01:00Z", true),
  ];
  expect(rows.toSorted(inOrder).map(({ id }) => id)).toEqual(["a", "b", "c", "d", "e"]);
});

it("keeps a thousand rows in one order, however they come", () => {
  const rows = Array.from({ length: 1_000 }, (_, at) =>
    row(`id-${at}`, `P${1 + (at % 4)}`, `2026-11-22T0${at % 10}:00:00Z`, at % 3 === 0),
  );
  const wanted = rows.toSorted(inOrder);
  expect(rows.toReversed().sort(inOrder)).toEqual(wanted);
  expect(new Set(wanted.slice(0, 250).map((one) => one.row.priority))).toEqual(new Set(["P1"]));
});

it("puts what is pinned before all else, in the order of pinning, and loses nothing", () => {
  const rows = ["a", "b", "c", "d"].map((id) => ({ id }));
  expect(pinnedFirst(rows, ["c", "gone", "b"]).map(({ id }) => id)).toEqual(["c", "b", "a", "d"]);
  expect(pinnedFirst(rows, [])).toEqual(rows);
});
