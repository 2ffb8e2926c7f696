import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { NoAnswer, Refusal } from "../../client/api";
import { AskedAgain } from "./askedAgain.svelte";

const OVER = "ecmo_mission.vehicle";
const refusal = (code: string): Refusal => new Refusal(409, { code, detail: "" } as never);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("shows what was told, and why nothing newer is, until it is over", async () => {
  const answers: (string | Error)[] = ["a", new NoAnswer(null), refusal("other"), "b", refusal(OVER)];
  const asked = new AskedAgain(() => {
    const next = answers.shift() ?? "none left";
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  }, OVER);
  const stop = asked.follow("m");
  const seen: unknown[] = [];
  for (let time = 0; time < 5; time += 1) {
    await vi.advanceTimersByTimeAsync(time === 0 ? 0 : 10_000);
    seen.push([asked.told, asked.failed]);
  }
  expect(seen).toEqual([
    ["a", null],
    ["a", ""],
    ["a", "other"],
    ["b", null],
    [null, null],
  ]);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked.told).toBeNull();
});

it("keeps what was told with what was done, and nothing of another mission", () => {
  const asked = new AskedAgain<string>(() => new Promise(() => undefined));
  asked.follow(null);
  asked.take("m", "done");
  asked.follow("m")();
  expect(asked.told).toBe("done");
  asked.follow("n")();
  expect(asked.told).toBeNull();
});
