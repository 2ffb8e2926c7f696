import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { NoAnswer, Refusal } from "../../client/api";
import { Following } from "./following.svelte";

const OVER = "ecmo_mission.vehicle";
const refusal = (code: string): Refusal => new Refusal(409, { code, detail: "" } as never);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("shows what was told, and why nothing newer is, until it is over", async () => {
  const answers: (string | Error)[] = ["a", new NoAnswer(null), refusal("other"), "b", refusal(OVER)];
  const following = new Following(() => {
    const next = answers.shift() ?? "none left";
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  }, OVER);
  const stop = following.follow("m");
  const seen: unknown[] = [];
  for (let time = 0; time < 5; time += 1) {
    await vi.advanceTimersByTimeAsync(time === 0 ? 0 : 10_000);
    seen.push([following.told, following.failed]);
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
  expect(following.told).toBeNull();
});

it("keeps what was told with what was done, and nothing of another mission", () => {
  const following = new Following<string>(() => new Promise(() => undefined));
  following.follow(null);
  following.take("m", "done");
  following.follow("m")();
  expect(following.told).toBe("done");
  following.follow("n")();
  expect(following.told).toBeNull();
});
