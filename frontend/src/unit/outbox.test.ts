import { describe, expect, it, vi } from "vitest";
import { NoAnswer, Refusal, type Problem } from "../client/api";
import { Outbox, type Held, type Sent, type Shelf } from "./outbox.svelte";
import { became } from "./sending";

class Drawer implements Shelf {
  readonly held = new Map<string, Held>();
  all = (): Promise<Held[]> => Promise.resolve([...this.held.values()]);
  put = (one: Held): Promise<void> => Promise.resolve(void this.held.set(one.id, one));
  remove = (id: string): Promise<void> => Promise.resolve(void this.held.delete(id));
}

const TAKEN: Sent = { became: "taken", at: "2026-11-22T04:00:00Z" };
const step = (status: "on_scene" | "at_patient" | "transporting", at = 1): Parameters<Outbox["add"]>[0] => ({
  unit: "u",
  run: "r",
  act: { kind: "status", status, reason: null },
  at,
});
const told = (held: Held): string => (held.act.kind === "status" ? held.act.status : held.act.kind);

async function box(
  send: (held: Held) => Promise<Sent>,
  drawer = new Drawer(),
  person = "p",
): Promise<[Outbox, Drawer]> {
  const made = new Outbox(drawer, send);
  await made.of(person);
  return [made, drawer];
}

describe("what is done on the phone", () => {
  it("is kept first, then sent in the order in which it was done, and kept no longer once it was taken", async () => {
    const sent: string[] = [];
    let link = false;
    const [outbox, drawer] = await box((held) => {
      expect(drawer.held.has(held.id)).toBe(true);
      if (!link) return Promise.resolve({ became: "waits" });
      sent.push(told(held));
      return Promise.resolve(TAKEN);
    });
    await outbox.add(step("on_scene", 1));
    await outbox.add(step("at_patient", 2));
    expect([outbox.waiting.length, drawer.held.size, sent]).toEqual([2, 2, []]);
    link = true;
    await outbox.pump();
    expect([outbox.waiting.length, drawer.held.size, sent]).toEqual([0, 0, ["on_scene", "at_patient"]]);
    expect(outbox.taken.map(({ at }) => at)).toEqual([TAKEN.at, TAKEN.at]);
  });

  it("goes on from the phone when the page is opened anew, under the same id", async () => {
    const [first, drawer] = await box(() => Promise.resolve({ became: "waits" }));
    await first.add(step("on_scene", 7));
    const [id] = drawer.held.keys();
    const send = vi.fn((_: Held): Promise<Sent> => Promise.resolve(TAKEN));
    const [again] = await box(send, drawer);
    await vi.waitFor(() => expect(again.waiting).toHaveLength(0));
    expect(send.mock.calls.map(([held]) => [held.id, held.at])).toEqual([[id, 7]]);
  });

  it("is sent in nobody else's name", async () => {
    const [first, drawer] = await box(() => Promise.resolve({ became: "waits" }));
    await first.add(step("on_scene"));
    const send = vi.fn((_: Held): Promise<Sent> => Promise.resolve(TAKEN));
    const [other] = await box(send, drawer, "q");
    expect([other.all.length, other.others, send.mock.calls.length, drawer.held.size]).toEqual([0, 1, 0, 1]);
  });

  it("is not held up by what the service refuses, which stays until somebody has read why", async () => {
    const [outbox, drawer] = await box((held) =>
      Promise.resolve(told(held) === "on_scene" ? { became: "refused", code: "crew.other_vehicle" } : TAKEN),
    );
    await outbox.add(step("on_scene"));
    await outbox.add(step("at_patient"));
    expect(outbox.refused.map(({ refused }) => refused)).toEqual(["crew.other_vehicle"]);
    expect([outbox.waiting.length, drawer.held.size]).toEqual([0, 1]);
    await outbox.dismiss(outbox.refused[0]?.id ?? "");
    expect([outbox.all.length, drawer.held.size]).toEqual([0, 0]);
  });

  it("is sent although the phone keeps nothing, and says so", async () => {
    const full = new Drawer();
    full.put = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
    const sent: string[] = [];
    const [outbox] = await box((held) => {
      sent.push(told(held));
      return Promise.resolve(TAKEN);
    }, full);
    await outbox.add(step("on_scene"));
    expect([sent, outbox.unkept]).toEqual([["on_scene"], true]);
  });

  it("is overtaken by a call for help, and by nothing else", async () => {
    const sent: string[] = [];
    let link = false;
    const [outbox] = await box((held) => {
      if (!link) return Promise.resolve({ became: "waits" });
      sent.push(held.act.kind === "call" ? held.act.call : told(held));
      return Promise.resolve(TAKEN);
    });
    await outbox.add(step("on_scene"));
    await outbox.add(step("at_patient"));
    await outbox.add({ ...step("on_scene"), act: { kind: "call", call: "danger" } });
    link = true;
    await outbox.pump();
    expect(sent).toEqual(["danger", "on_scene", "at_patient"]);
  });

  it("that is added while another is on its way follows it", async () => {
    const sent: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const [outbox] = await box(async (held) => {
      if (told(held) === "on_scene") await promise;
      sent.push(told(held));
      return TAKEN;
    });
    const first = outbox.add(step("on_scene"));
    await outbox.add(step("at_patient"));
    expect(sent).toEqual([]);
    resolve();
    await first;
    expect(sent).toEqual(["on_scene", "at_patient"]);
  });

  it("speaks of who was recorded here by the id at the service, once there is one", async () => {
    const sent: string[] = [];
    let link = false;
    const [outbox, drawer] = await box(({ act }) => {
      if (!link) return Promise.resolve({ became: "waits" });
      if ("patient" in act && act.patient !== null) sent.push(act.patient);
      return Promise.resolve(act.kind === "patient" ? { ...TAKEN, made: "theirs" } : TAKEN);
    });
    const named = { name: "", id_number: "", sex: "unknown", age_years: null } as const;
    const entry = { values: { spo2: 95 }, treatment: null, amount: null, corrects: null };
    await outbox.add({
      id: "mine",
      unit: "u",
      run: "r",
      act: { kind: "patient", incident: "i", named, outcome: null },
      at: 1,
    });
    await outbox.add({ unit: "u", run: "r", act: { kind: "chart", patient: "mine", entry }, at: 2 });
    link = true;
    await outbox.pump();
    expect([sent, outbox.made.get("mine"), drawer.held.size]).toEqual([["theirs"], "theirs", 0]);
  });

  it("is taken back only as long as it never went out", async () => {
    const [outbox, drawer] = await box(() => Promise.resolve({ became: "waits" }));
    await outbox.add(step("on_scene"));
    await outbox.add(step("at_patient"));
    const [first, second] = outbox.waiting;
    expect(await outbox.takeBack(first?.id ?? "")).toBe(false);
    expect(await outbox.takeBack(second?.id ?? "")).toBe(true);
    expect([outbox.waiting.length, drawer.held.size]).toEqual([1, 1]);
  });
});

const refusal = (status: number): Refusal =>
  new Refusal(status, { code: "some.code", detail: "", status } as unknown as Problem);

it.each([
  [new NoAnswer("away"), "waits"],
  [refusal(401), "waits"],
  [refusal(429), "waits"],
  [refusal(503), "waits"],
  [refusal(0), "waits"],
  [refusal(403), "refused"],
  [refusal(409), "refused"],
  [refusal(422), "refused"],
])("%s: it %s", (error, what) => expect(became(error).became).toBe(what));
