import { describe, expect, it } from "vitest";
import { Collection } from "./collection.svelte";

interface Thing {
  id: string;
  open: boolean;
}
const thing = (id: string, open = true): Thing => ({ id, open });

describe("a board", () => {
  it("knows nothing before it has been told everything", () => {
    const board = new Collection<Thing>();
    expect([board.known, board.all]).toEqual([false, []]);
    board.merge([thing("a")]);
    expect(board.known).toBe(false);
    board.replace([]);
    expect(board.known).toBe(true);
  });

  it("takes what changed and drops what is gone or belongs elsewhere", () => {
    const board = new Collection<Thing>((row) => row.open);
    board.replace([thing("a"), thing("b"), thing("c"), thing("z", false)]);
    board.merge([thing("b", false), thing("d")], ["c", "never"]);
    expect(board.all.map(({ id }) => id)).toEqual(["a", "d"]);
    expect(board.get("d")).toEqual(thing("d"));
    expect(board.get(null)).toBeUndefined();
  });

  it("still shows what has left it to whoever has it in hand", () => {
    const board = new Collection<Thing>((row) => row.open);
    board.replace([thing("a"), thing("b"), thing("c")]);
    board.merge([thing("b", false)], ["a"]);
    board.replace([]);
    expect(board.all).toEqual([]);
    expect(["a", "b", "c", "never"].map((id) => board.seen(id))).toEqual([
      thing("a"),
      thing("b", false),
      thing("c"),
      undefined,
    ]);
    board.merge([thing("a")]);
    expect([board.get("a"), board.seen(null)]).toEqual([thing("a"), undefined]);
    board.forget();
    expect(board.seen("b")).toBeUndefined();
  });

  it("stays the same value where nothing changed", () => {
    const board = new Collection<Thing>();
    board.replace([thing("a")]);
    const before = board.byId;
    board.merge([], []);
    expect(board.byId).toBe(before);
  });
});
