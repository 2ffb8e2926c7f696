import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { untilTold } from "./again";
import { NoAnswer } from "./api";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("asks until it is told, and then no more", async () => {
  const answers = [Promise.reject(new NoAnswer("away")), Promise.reject(new NoAnswer("away")), Promise.resolve()];
  for (const one of answers) one.catch(() => undefined);
  const load = vi.fn(() => answers.shift() ?? Promise.resolve());
  const tried = vi.fn();
  untilTold(load, tried);
  await vi.advanceTimersByTimeAsync(0);
  expect([load.mock.calls.length, tried.mock.calls.length]).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([load.mock.calls.length, tried.mock.calls.length]).toEqual([3, 1]);
});

it("asks no more once it was stopped, even while an answer is on its way", async () => {
  const load = vi.fn(() => Promise.reject(new NoAnswer("away")));
  const stop = untilTold(load);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(load).toHaveBeenCalledTimes(1);
});
