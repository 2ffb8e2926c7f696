import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Asking } from "./asking";

const [EVERY_MS, GATHER_MS] = [2_000, 200];

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A service that answers when it is told to. */
function service(): { asked: number; ask: () => Promise<void>; answer: () => Promise<void> } {
  const waiting: (() => void)[] = [];
  const one = {
    asked: 0,
    ask: () => {
      one.asked += 1;
      return new Promise<void>((done) => waiting.push(done));
    },
    answer: async () => {
      waiting.shift()?.();
      await vi.advanceTimersByTimeAsync(0);
    },
  };
  return one;
}

test("it asks every so often, from answer to question", async () => {
  const one = service();
  new Asking(one.ask, EVERY_MS, GATHER_MS).start();
  expect(one.asked).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(one.asked).toBe(1);
  await one.answer();
  await vi.advanceTimersByTimeAsync(EVERY_MS - 1);
  expect(one.asked).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(one.asked).toBe(2);
});

test("what never stops happening puts the question off by no more than its first", async () => {
  const one = service();
  const asking = new Asking(one.ask, EVERY_MS, GATHER_MS);
  asking.start();
  await one.answer();
  for (let at = 0; at < GATHER_MS; at += 50) {
    asking.soon();
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(one.asked).toBe(2);
});

test("a service that is slow is asked once at a time, and again for what happened meanwhile", async () => {
  const one = service();
  const asking = new Asking(one.ask, EVERY_MS, GATHER_MS);
  asking.start();
  for (let at = 0; at < 10_000; at += 50) {
    asking.soon();
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(one.asked).toBe(1);
  await one.answer();
  await vi.advanceTimersByTimeAsync(GATHER_MS);
  expect(one.asked).toBe(2);
});

test("what was just done is in the answer that is waited for", async () => {
  const one = service();
  const asking = new Asking(one.ask, EVERY_MS, GATHER_MS);
  asking.start();
  let told = false;
  void asking.now().then(() => (told = true));
  await one.answer();
  expect([one.asked, told]).toEqual([2, false]);
  await one.answer();
  expect(told).toBe(true);
});

test("stopped, it asks no more, also where an answer comes late", async () => {
  const one = service();
  const asking = new Asking(one.ask, EVERY_MS, GATHER_MS);
  asking.start();
  asking.stop();
  asking.soon();
  await one.answer();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(one.asked).toBe(1);
});
