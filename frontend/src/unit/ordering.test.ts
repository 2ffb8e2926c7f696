import { describe, expect, it } from "vitest";
import { openOf, shownOf, type Did, type Order } from "./ordering";
import type { Act } from "./outbox.svelte";

const order = (id: string, state: Order["state"]): Order => ({ id, state }) as Order;
const did = (id: string, what: Did): Act => ({ kind: "order", order: id, did: what, amount: null, reason: null });

describe("an order", () => {
  it("is as far as the crew has told here, and held until the service knows", () => {
    const [shown] = shownOf([order("a", "seen")], [{ act: did("a", "confirmed"), held: true }]);
    expect([shown?.state, shown?.held]).toEqual(["confirmed", true]);
  });

  it("is never less far than the service knows", () => {
    const [shown] = shownOf([order("a", "done")], [{ act: did("a", "confirmed"), held: false }]);
    expect([shown?.state, shown?.held]).toEqual(["done", false]);
  });

  it("was done all the same if that was told before its cancellation was heard of", () => {
    const [shown] = shownOf([order("a", "cancelled")], [{ act: did("a", "done"), held: true }]);
    expect(shown?.state).toBe("done");
  });

  it("that was cancelled is read back by nobody", () => {
    const [shown] = shownOf([order("a", "cancelled")], [{ act: did("a", "confirmed"), held: true }]);
    expect(shown?.state).toBe("cancelled");
  });
});

it("shows first what was not read back, and nothing that is over", () => {
  const all = (["done", "confirmed", "sent", "cancelled", "seen", "not_done"] as const).map((state) =>
    order(state, state),
  );
  expect(openOf(shownOf(all, [])).map(({ state }) => state)).toEqual(["sent", "seen", "confirmed"]);
});
