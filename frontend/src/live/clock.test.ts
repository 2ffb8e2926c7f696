import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ServiceClock } from "./clock.svelte";
import { Elapsed } from "./elapsed";

const START = Date.parse("2026-11-22T04:00:00.250Z");
let elapsed: number;
let clock: ServiceClock;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  elapsed = 0;
  clock = new ServiceClock(() => elapsed);
});
afterEach(() => {
  clock.stop();
  vi.useRealTimers();
});

function later(ms: number): void {
  elapsed += ms;
  vi.advanceTimersByTime(ms);
}
const told = (ms: number): void => clock.heard(new Date(ms).toISOString());

it("goes by the service's time, not the computer's, and says that the computer's is wrong", () => {
  expect(clock.known).toBe(false);
  told(START + 600_000);
  expect(clock.second).toBe(Math.floor((START + 600_000) / 1_000) * 1_000);
  expect(clock.wrongByMs).toBe(-600_000);
  later(2_000);
  expect(clock.now()).toBe(START + 602_000);
  expect(clock.second).toBe(START - 250 + 602_000);
});

it("believes the frame that came quickest", () => {
  told(START - 180);
  later(1_000);
  told(START + 1_000 - 20);
  expect(clock.now()).toBe(START + 980);
  later(1_000);
  told(START + 2_000 - 400);
  expect(clock.now()).toBe(START + 1_980);
  expect(clock.wrongByMs).toBeNull();
});

it("goes on by the computer's clock, corrected by what was known of it, until the service tells the time", () => {
  clock.assume(-600_000);
  expect(clock.now()).toBe(START + 600_000);
  later(2_000);
  expect(clock.second).toBe(Math.floor((START + 602_000) / 1_000) * 1_000);
  told(START + 601_000);
  expect(clock.now()).toBe(START + 601_000);
  clock.assume(0);
  expect(clock.now()).toBe(START + 601_000);
});

it("starts anew when the service's clock was set", () => {
  told(START);
  told(START - 3_600_000);
  expect(clock.now()).toBe(START - 3_600_000);
});

it("goes on while the computer sleeps, so that nothing is younger than it is", () => {
  let slept = 0;
  const steady = new Elapsed({ steady: () => elapsed, wall: () => START + elapsed + slept });
  const woken = new ServiceClock(() => steady.now());
  woken.heard(new Date(START).toISOString());
  later(1_000);
  slept = 3_600_000;
  later(1_000);
  expect(woken.now()).toBe(START + 3_602_000);
  expect(woken.second).toBe(Math.floor((START + 3_602_000) / 1_000) * 1_000);
  woken.stop();
});
