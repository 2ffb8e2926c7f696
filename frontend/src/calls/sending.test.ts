// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NoAnswer, Refusal } from "../client/api";
import { refusalWords } from "../i18n/refusals";
import { Sending } from "./sending.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settled = () => vi.advanceTimersByTimeAsync(0);

describe("what is told after the opening", () => {
  it("goes in order, one at a time", async () => {
    const sending = new Sending();
    const log: string[] = [];
    for (const name of ["a", "b", "c"])
      sending.add({
        name,
        act: async () => {
          log.push(`${name}<`);
          await Promise.resolve();
          log.push(`${name}>`);
        },
      });
    await settled();
    expect(log).toEqual(["a<", "a>", "b<", "b>", "c<", "c>"]);
    expect([sending.waiting, sending.failed]).toEqual([0, false]);
  });

  it("is told again until an answer comes; what waits and is not under way is replaced by what is newer", async () => {
    const sending = new Sending();
    const log: string[] = [];
    let down = true;
    const errand = (name: string, word: string) => ({
      name,
      act: async () => {
        if (down) throw new NoAnswer("x");
        log.push(word);
      },
    });
    sending.add(errand("answers", "1"));
    await settled();
    sending.add(errand("answers", "2"));
    sending.add(errand("", "note"));
    sending.add(errand("answers", "3"));
    await settled();
    // The second may be under way: it is told, and so is what came after it.
    expect([sending.failed, sending.waiting]).toEqual([true, 3]);
    down = false;
    await vi.advanceTimersByTimeAsync(2_100);
    expect([log, sending.failed, sending.waiting]).toEqual([["2", "note", "3"], false, 0]);
  });

  it("passes over what is refused, and says why", async () => {
    const sending = new Sending();
    const log: string[] = [];
    const problem = {
      type: "",
      title: "",
      status: 409,
      detail: "over",
      instance: "",
      code: "call.linked",
      hint: "",
      errors: [],
    };
    sending.add({ name: "a", act: () => Promise.reject(new Refusal(409, problem)) });
    sending.add({ name: "b", act: async () => void log.push("b") });
    await settled();
    expect([log, sending.refused, sending.waiting]).toEqual([["b"], refusalWords("call.linked"), 0]);
  });
});
