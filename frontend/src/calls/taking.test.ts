// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { emptyDraft, type DraftBody } from "./draft";
import { taking } from "./taking.svelte";

const CALL = "01a21bcd-1639-72e3-8e37-1729139554e3";
const TIME = "2026-11-27T06:00:00Z";

/** What the service keeps, and what it answers: nothing comes of what is not about the draft. */
let kept: { version: number; body: DraftBody };
let took: Promise<void>;

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const head = () => ({ version: kept.version, saved_at: TIME });

async function answered(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname.endsWith("/draft/take-over")) {
    await took;
    kept.version += 1;
    return json(200, { draft: head(), body: kept.body });
  }
  if (!pathname.endsWith("/draft")) return json(404, { code: "other", detail: "", status: 404 });
  const sent = (await request.json()) as { version: number; body: DraftBody };
  if (sent.version !== kept.version) {
    return json(409, { code: "draft.held", detail: "", status: 409, current: { seat: "02" } });
  }
  kept = { version: kept.version + 1, body: sent.body };
  return json(200, { draft: head() });
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", answered);
  kept = { version: 7, body: { ...emptyDraft("zh"), phone: "13800001234", notes: "一" } };
  took = Promise.resolve();
});
afterEach(() => {
  taking.release();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("lays what is typed while a draft is asked for over what comes", async () => {
  const { promise, resolve: comes } = Promise.withResolvers<void>();
  took = promise;
  const resumed = taking.resume(CALL);
  taking.change({ caller: "示例某" });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(taking.saving.state, "nothing is saved over what is not known yet").toBe("waiting");
  comes();
  await resumed;
  expect(taking.body).toMatchObject({ phone: "13800001234", caller: "示例某", notes: "一" });
  await vi.advanceTimersByTimeAsync(1_000);
  expect([taking.saving.state, kept.body]).toEqual(["saved", taking.body]);
});

it("keeps what is typed here when a call that another seat has meanwhile is taken all the same", async () => {
  await taking.resume(CALL);
  await vi.advanceTimersByTimeAsync(1_000);
  kept = { version: 20, body: { ...kept.body, notes: "一\n他", direction: "北" } };
  taking.change({ caller: "示例某" });
  taking.note("我");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(taking.saving.state).toBe("held");
  await taking.resume(CALL, true);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(taking.saving.state).toBe("saved");
  expect(kept.body).toMatchObject({ phone: "13800001234", caller: "示例某", notes: "一\n他\n我", direction: "北" });
});

it("saves the last words of a call before another is taken in hand", async () => {
  await taking.resume(CALL);
  taking.note("二");
  taking.begin();
  await vi.advanceTimersByTimeAsync(0);
  expect(kept.body.notes).toBe("一\n二");
});
