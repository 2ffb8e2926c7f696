// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NoAnswer, Refusal } from "../client/api";
import { Saving, type Saved } from "./saving.svelte";

type Body = { notes: string };
const refused = (code: string, current: object = {}) =>
  new Refusal(409, {
    type: "",
    title: "",
    status: 409,
    detail: code,
    instance: "",
    code,
    hint: "",
    errors: [],
    ...{ current },
  } as never);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function service(answers: (Error | "ok")[] = []) {
  const sent: [number, string][] = [];
  const put = async (version: number, body: Body): Promise<Saved> => {
    sent.push([version, body.notes]);
    const next = answers.shift() ?? "ok";
    if (next !== "ok") throw next;
    return { version: version + 1, savedAt: 1_000 * sent.length };
  };
  return { sent, saving: new Saving<Body>(put) };
}

describe("a draft", () => {
  it("is saved once for letters typed in one go, and then says that its seat is there", async () => {
    const { sent, saving } = service();
    for (const notes of ["胸", "胸口", "胸口痛"]) saving.changed({ notes });
    expect(saving.state).toBe("waiting");
    await vi.advanceTimersByTimeAsync(300);
    expect([sent, saving.state, saving.savedAt]).toEqual([[[0, "胸口痛"]], "saved", 1_000]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(sent).toEqual([
      [0, "胸口痛"],
      [1, "胸口痛"],
    ]);
    saving.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(2);
  });

  it("is tried again until an answer comes; what is typed meanwhile goes after it", async () => {
    const { sent, saving } = service([new NoAnswer("x"), new NoAnswer("x")]);
    saving.changed({ notes: "一" });
    await vi.advanceTimersByTimeAsync(300);
    expect(saving.state).toBe("failed");
    saving.changed({ notes: "一二" });
    await vi.advanceTimersByTimeAsync(300);
    expect(saving.state).toBe("failed");
    await vi.advanceTimersByTimeAsync(2_400);
    expect([saving.state, sent.at(-1)]).toEqual(["saved", [1, "一二"]]);
    saving.stop();
  });

  it("whose answer was lost goes again as it was, so that the service does not take it for another's", async () => {
    const kept = { version: 0, notes: "" };
    let lost = 1;
    const saving = new Saving<Body>(async (version, { notes }) => {
      if (notes !== kept.notes && version !== kept.version) throw refused("draft.outdated", { seat: "01" });
      if (notes !== kept.notes) Object.assign(kept, { version: version + 1, notes });
      if (lost-- > 0) throw new NoAnswer("cut in the middle");
      return { version: kept.version, savedAt: 1 };
    });
    saving.changed({ notes: "一" });
    await vi.advanceTimersByTimeAsync(300);
    expect([saving.state, saving.unsure]).toEqual(["failed", { notes: "一" }]);
    saving.changed({ notes: "一二" });
    await vi.advanceTimersByTimeAsync(3_000);
    expect([saving.state, kept, saving.unsure]).toEqual(["saved", { version: 2, notes: "一二" }, null]);
    saving.stop();
  });

  it("goes on after a page that was loaded anew while it was under way", async () => {
    const { sent, saving } = service();
    saving.from({ version: 3, savedAt: 5 }, { notes: "一" }, { notes: "一二" });
    saving.changed({ notes: "一二三" });
    await vi.advanceTimersByTimeAsync(600);
    expect(sent).toEqual([
      [3, "一二"],
      [4, "一二三"],
    ]);
    saving.stop();
  });

  it("that was refused for what it says does not stand in the way of what is written next", async () => {
    const { sent, saving } = service([refused("text.too_long")]);
    saving.changed({ notes: "一" });
    await vi.advanceTimersByTimeAsync(300);
    saving.changed({ notes: "二" });
    await vi.advanceTimersByTimeAsync(300);
    expect([saving.state, sent.at(-1)]).toEqual(["saved", [0, "二"]]);
    saving.stop();
  });

  it("loses nothing that is typed while a save waits for the next login", async () => {
    const { promise: loggedIn, resolve: logIn } = Promise.withResolvers<void>();
    const sent: string[] = [];
    const saving = new Saving<Body>(async (version, { notes }) => {
      sent.push(notes);
      await loggedIn;
      return { version: version + 1, savedAt: 1 };
    });
    saving.changed({ notes: "号码" });
    await vi.advanceTimersByTimeAsync(300);
    saving.changed({ notes: "号码 姓名" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([saving.state, sent]).toEqual(["waiting", ["号码"]]);
    logIn();
    await vi.advanceTimersByTimeAsync(300);
    expect([saving.state, sent]).toEqual(["saved", ["号码", "号码 姓名"]]);
    saving.stop();
  });

  it("never has two saves under way", async () => {
    const waiting: (() => void)[] = [];
    let most = 0;
    let now = 0;
    const saving = new Saving<Body>(async (version) => {
      most = Math.max(most, ++now);
      await new Promise<void>((done) => waiting.push(done));
      now -= 1;
      return { version: version + 1, savedAt: 1 };
    });
    saving.changed({ notes: "一" });
    await vi.advanceTimersByTimeAsync(300);
    saving.changed({ notes: "二" });
    await vi.advanceTimersByTimeAsync(1_000);
    waiting.shift()?.();
    await vi.advanceTimersByTimeAsync(300);
    expect([most, waiting.length, saving.state]).toEqual([1, 1, "waiting"]);
    waiting.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(saving.state).toBe("saved");
    saving.stop();
  });

  it.each([
    ["draft.held", { holder_name: "努尔", seat: "04" }, "held", "努尔 · 04"],
    ["draft.outdated", { seat: "01" }, "held", "01"],
    ["draft.over", {}, "over", ""],
  ])("ends at %s, and nothing is sent any more", async (code, current, state, heldBy) => {
    const { sent, saving } = service([refused(code, current)]);
    saving.changed({ notes: "一" });
    await vi.advanceTimersByTimeAsync(300);
    expect([saving.state, saving.heldBy]).toEqual([state, heldBy]);
    saving.changed({ notes: "二" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
  });

  it("waits while the incident is being opened, and goes on when it was not", async () => {
    const { sent, saving } = service();
    saving.changed({ notes: "一" });
    saving.pause();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent).toEqual([]);
    saving.changed({ notes: "二" });
    saving.resume();
    await vi.advanceTimersByTimeAsync(300);
    expect(sent).toEqual([[0, "二"]]);
    saving.stop();
  });

  it("goes on from where another seat left it", async () => {
    const { sent, saving } = service();
    saving.from({ version: 7, savedAt: 5 }, { notes: "旧" });
    saving.changed({ notes: "旧新" });
    await vi.advanceTimersByTimeAsync(300);
    expect(sent).toEqual([[7, "旧新"]]);
    saving.stop();
  });
});
