import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { NoAnswer, Refusal, type Schemas } from "../../client/api";
import { Drafting, goesOn, keptDraft, type Forms, type Ports } from "./drafting.svelte";

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
  const tell = (what: string) => async (id: string, told?: unknown) => {
    if (away()) throw new NoAnswer(null);
    sent.push([what, id, told]);
  };
  return {
    save: tell("save"),
    enter: tell("enter"),
    attach: tell("attach"),
    ask: tell("ask"),
    join: tell("join"),
    discard: tell("discard"),
  };
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

it("is put aside once the service has all of it, and the next one begins anew", async () => {
  const sent: unknown[] = [];
  let gone = true;
  const drafting = new Drafting(
    FORMS,
    ports(sent, () => gone),
    "p",
    "new",
    "r",
  );
  drafting.type({ mode: "va" });
  drafting.enter("ph", 7.19);
  expect(await drafting.putAside()).toBe(false);
  expect(keptDraft("p")?.requestId).toBe("r");
  gone = false;
  expect(await drafting.putAside()).toBe(true);
  expect([sent, keptDraft("p")]).toEqual([
    [
      ["save", "r", { mode: "va" }],
      ["enter", "r", { ph: 7.19 }],
    ],
    null,
  ]);
});

it("sends what was typed last also when its page is left otherwise, and leaves nothing behind that was discarded", async () => {
  const sent: unknown[] = [];
  const drafting = new Drafting(FORMS, ports(sent), "p", "new", "r");
  drafting.type({ note: "示例" });
  drafting.stop();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual([["save", "r", { note: "示例" }]]);
  expect(await drafting.discard()).toBe(true);
  expect([sent.at(-1), keptDraft("p")]).toEqual([["discard", "r", undefined], null]);
});

it("goes on with what this tab wrote when it is loaded anew, and with nothing else", () => {
  const sent: unknown[] = [];
  const of = (from: Drafting["from"], typed: Parameters<Drafting["type"]>[0]) => {
    new Drafting(FORMS, ports(sent), "p", from, "r").type(typed);
    const kept = keptDraft("p");
    if (kept === null) throw new Error("nothing was kept");
    return (begins: Drafting["from"], one: string | null) => goesOn(kept, begins, one);
  };
  const patient = of("patient", { patientId: "a" });
  expect([patient("patient", "a"), patient("patient", "b"), patient("new", null), patient("draft", "r")]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  const arrest = of("incident", { incidentId: "i", patientId: "a" });
  expect([arrest("incident", "i"), arrest("incident", "a"), arrest("patient", "a")]).toEqual([true, false, false]);
  const fresh = of("new", { mode: "vv" });
  expect([fresh("new", null), fresh("draft", "other")]).toEqual([true, false]);
});

it("shows the other request where somebody asked for the same patient meanwhile, and who may be the same", async () => {
  const known = ports([]);
  const twin = { code: "ecmo_request.duplicate", current: { id: "other" } } as unknown as Schemas["Problem"];
  known.ask = () => Promise.reject(new Refusal(409, twin));
  const drafting = new Drafting(FORMS, known, "p", "new", "r");
  drafting.type({ mode: "vv" });
  expect(await drafting.ask()).toBe(false);
  expect([drafting.twin, drafting.refused]).toEqual(["other", ""]);
  const unknown = ports([]);
  unknown.ask = () => Promise.reject(new Refusal(409, { ...twin, current: null } as unknown as Schemas["Problem"]));
  const another = new Drafting(FORMS, unknown, "p", "new", "s");
  another.type({ mode: "vv" });
  expect(await another.ask()).toBe(false);
  expect([another.twin, another.refused]).toEqual([null, "ecmo_request.duplicate"]);
  drafting.stop();
  another.stop();
});

it("puts a picture to a draft once the service has what was typed", async () => {
  const sent: unknown[] = [];
  const drafting = new Drafting(FORMS, ports(sent), "p", "new", "r");
  drafting.type({ mode: "vv" });
  const file = new File(["x"], "gas.jpg");
  await drafting.attach(file, "blood_gas", () => undefined);
  expect(sent).toEqual([
    ["save", "r", { mode: "vv" }],
    ["attach", "r", file],
  ]);
  drafting.stop();
});
