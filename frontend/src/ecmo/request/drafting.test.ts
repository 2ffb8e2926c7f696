import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { NoAnswer } from "../../client/api";
import { Drafting, keptDraft, type Forms, type Ports } from "./drafting.svelte";

const kept = new Map<string, string>();
const stored = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
};
const FORMS: Forms = {
  items: [],
  hospitals: [],
  centres: [{ id: "c", names: { zh: "示例", en: "", ug: "" }, outside: false }],
};

function ports(sent: unknown[], away: () => boolean = () => false): Ports {
  const tell = (what: string) => async (id: string, told: unknown) => {
    if (away()) throw new NoAnswer(null);
    sent.push([what, id, told]);
  };
  return { save: tell("save"), enter: tell("enter"), ask: tell("ask"), join: tell("join") };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("sessionStorage", stored);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  kept.clear();
});

it("begins no request by what is only likely, and saves it with the first that is typed", async () => {
  const sent: unknown[] = [];
  const drafting = new Drafting(FORMS, ports(sent), "p", "new", "r");
  drafting.assume({ hospitalId: "h" });
  await vi.advanceTimersByTimeAsync(5_000);
  expect([sent, drafting.fields.hospitalId]).toEqual([[], "h"]);
  drafting.type({ mode: "vv" });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent).toEqual([["save", "r", { hospitalId: "h", mode: "vv" }]]);
});

it("saves what is typed before a value, and both before it asks", async () => {
  const sent: unknown[] = [];
  const drafting = new Drafting(FORMS, ports(sent), "p", "new", "r");
  drafting.type({ mode: "vv" });
  drafting.enter("ph", 7.19);
  expect(await drafting.ask()).toBe(true);
  expect(sent).toEqual([
    ["save", "r", { mode: "vv" }],
    ["enter", "r", { ph: 7.19 }],
    ["ask", "r", ["c"]],
  ]);
  expect(keptDraft("p")).toBeNull();
});

it("asks nothing while no answer comes, and keeps what was typed for this person alone", async () => {
  const sent: unknown[] = [];
  const drafting = new Drafting(
    FORMS,
    ports(sent, () => true),
    "p",
    "new",
    "r",
  );
  drafting.type({ mode: "va" });
  expect(await drafting.ask()).toBe(false);
  expect([drafting.failed, sent]).toEqual([true, []]);
  const again = new Drafting(FORMS, ports(sent), "p", "new", keptDraft("p")?.requestId);
  again.restore();
  expect(again.fields.mode).toBe("va");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent).toEqual([["save", "r", { mode: "va" }]]);
  expect(keptDraft("another")).toBeNull();
  drafting.stop();
});
