import { afterEach, expect, test, vi } from "vitest";
import { api, NoAnswer, Refusal, told } from "./api";
import { loggedIn, whenSessionEnds } from "./gate";

afterEach(() => vi.unstubAllGlobals());

function answering(make: () => Response | Promise<Response>): void {
  vi.stubGlobal("fetch", () => Promise.resolve().then(make));
}

function broken(): ReadableStream {
  return new ReadableStream({
    pull(controller) {
      controller.error(new TypeError("Failed to fetch"));
    },
  });
}

const asked = (): Promise<unknown> => told(api.GET("/api/hospitals"));

test("an answer that breaks off in the middle is no answer", async () => {
  answering(() => new Response(broken(), { headers: { "content-type": "application/json" } }));
  await expect(asked()).rejects.toBeInstanceOf(NoAnswer);
  answering(() => new Response('{"hospitals": [', { headers: { "content-type": "application/json" } }));
  await expect(asked()).rejects.toBeInstanceOf(NoAnswer);
});

test("a service that is away gives no answer, one that refuses a refusal", async () => {
  answering(() => Promise.reject(new TypeError("Failed to fetch")));
  await expect(asked()).rejects.toBeInstanceOf(NoAnswer);
  answering(() => Response.json({ code: "region.not_found", detail: "none" }, { status: 404 }));
  await expect(asked()).rejects.toBeInstanceOf(Refusal);
});

test("a refusal of what was asked before somebody logged in again ends no login: it is asked once more", async () => {
  const ended = vi.fn(() => Promise.reject(new Error("ended")));
  whenSessionEnds(ended);
  const answers = [
    Response.json({ code: "session.none", detail: "" }, { status: 401 }),
    Response.json({ hospitals: [] }),
  ];
  answering(() => {
    if (answers.length === 2) loggedIn();
    return answers.shift() ?? Response.error();
  });
  await expect(asked()).resolves.toEqual({ hospitals: [] });
  expect(ended).not.toHaveBeenCalled();
  answering(() => Response.json({ code: "session.none", detail: "" }, { status: 401 }));
  await expect(asked()).rejects.toThrow("ended");
});
