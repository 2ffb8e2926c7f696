import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { NoAnswer, Refusal } from "../../client/api";
import { Typing, type Fields } from "./typing.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refusal = (status: number, code: string): Refusal =>
  new Refusal(status, { type: "", title: "", status, detail: "", instance: "", code, hint: "", errors: [] });

it("saves soon after typing, and only what changed", async () => {
  const sent: Fields[] = [];
  const typing = new Typing(async (fields) => void sent.push(fields));
  typing.type({ mode: "vv" });
  typing.type({ age_years: 46 });
  expect(typing.state).toBe("waiting");
  await vi.advanceTimersByTimeAsync(400);
  expect(sent).toEqual([{ mode: "vv", age_years: 46 }]);
  expect([typing.state, typing.waits]).toEqual(["saved", false]);
  typing.type({ age_years: 47 });
  await typing.flush();
  expect(sent[1]).toEqual({ age_years: 47 });
});

it("holds what is typed while no answer comes, and sends it once one does", async () => {
  let away = true;
  const sent: Fields[] = [];
  const typing = new Typing(async (fields) => {
    if (away) throw new NoAnswer(null);
    sent.push(fields);
  });
  typing.type({ name: "示例" });
  await vi.advanceTimersByTimeAsync(400);
  expect([typing.state, typing.pending]).toEqual(["failed", { name: "示例" }]);
  typing.type({ age_years: 46 });
  expect(typing.state).toBe("failed");
  away = false;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sent).toEqual([{ name: "示例", age_years: 46 }]);
  expect(typing.state).toBe("saved");
});

it("keeps what was typed over what is on its way", async () => {
  let answer: () => void = () => undefined;
  const sent: Fields[] = [];
  const typing = new Typing((fields) => {
    sent.push(fields);
    return new Promise((done) => (answer = done));
  });
  typing.type({ phone: "0997" });
  const flushed = typing.flush();
  typing.type({ phone: "0997-2" });
  answer();
  await vi.advanceTimersByTimeAsync(0);
  answer();
  expect(await flushed).toBe(true);
  expect(sent).toEqual([{ phone: "0997" }, { phone: "0997-2" }]);
});

it("sends what was refused never again, and says why", async () => {
  let times = 0;
  const typing = new Typing(async () => {
    times += 1;
    throw refusal(422, "text.phone");
  });
  typing.type({ phone: "x" });
  expect(await typing.flush()).toBe(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([times, typing.refused, typing.waits]).toEqual([1, "text.phone", false]);
  typing.type({ phone: "0997" });
  expect(typing.refused).toBe("");
});

it("loses nothing that stands beside what is refused", async () => {
  const taken: Fields[] = [];
  const typing = new Typing(async (fields) => {
    if ("phone" in fields) throw refusal(422, "text.phone");
    taken.push(fields);
  });
  typing.type({ mode: "vv", phone: "x", age_years: 46 });
  expect(await typing.flush()).toBe(false);
  expect(taken).toEqual([{ mode: "vv" }, { age_years: 46 }]);
  expect([typing.refused, typing.waits]).toEqual(["text.phone", false]);
});

it("tries again when the service is away, and not once it is left", async () => {
  let times = 0;
  const typing = new Typing(async () => {
    times += 1;
    throw refusal(503, "server.away");
  });
  typing.from({ mode: "va" });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(times).toBeGreaterThan(1);
  typing.stop();
  const before = times;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(times).toBe(before);
});
