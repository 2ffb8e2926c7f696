import { expect, it } from "vitest";
import { titled, unreadAfter, type Fact } from "./unread";

const sent = (id: string, side: string, patient: string | null = "p"): Fact => ({
  type: "message.sent",
  payload: { message_id: id, side, patient_id: patient },
});
const read = (side: string, ...ids: string[]): Fact => ({ type: "message.read", payload: { message_ids: ids, side } });
const after = (own: "hospital" | "dispatch", ...facts: Fact[]): string[] => [
  ...facts.reduce<ReadonlySet<string>>((unread, fact) => unreadAfter(unread, fact, own), new Set()),
];

it("counts what others wrote until somebody of the own side has read it", () => {
  const facts = [sent("a", "crew"), sent("a", "crew"), sent("b", "hospital"), sent("c", "crew")];
  expect(after("hospital", ...facts)).toEqual(["a", "c"]);
  expect(after("hospital", ...facts, read("hospital", "a"))).toEqual(["c"]);
  expect(after("hospital", ...facts, read("dispatch", "a", "c"))).toEqual(["a", "c"]);
});

it("tells a hospital of nothing that is for crews and the dispatch centre alone", () => {
  expect(after("hospital", sent("a", "crew", null))).toEqual([]);
  expect(after("dispatch", sent("a", "crew", null))).toEqual(["a"]);
});

it("changes nothing for facts that are about something else", () => {
  const unread = new Set(["a"]);
  expect(unreadAfter(unread, { type: "order.given", payload: {} }, "hospital")).toBe(unread);
  expect(unreadAfter(unread, read("hospital", "b"), "hospital")).toBe(unread);
});

it("writes the number before the title, once", () => {
  expect(titled("塔里木", 2)).toBe("(2) 塔里木");
  expect(titled("(2) 塔里木", 3)).toBe("(3) 塔里木");
  expect(titled("(2) 塔里木", 0)).toBe("塔里木");
});
