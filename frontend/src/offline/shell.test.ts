import { describe, expect, it } from "vitest";
import { buildOf, isAway, meant } from "./shell";

const HERE = "https://dispatch.lan";
const asks = (path: string, mode: RequestMode = "cors", method = "GET"): ReturnType<typeof meant> =>
  meant({ url: new URL(path, HERE).href, mode, method }, HERE);

describe("a request", () => {
  it.each([
    ["/", "navigate", "page"],
    ["/?panel=map", "navigate", "page"],
    ["/docs", "navigate", "other"],
    ["/api/incidents", "navigate", "other"],
    ["/assets/index-a1B2c3.js", "cors", "file"],
    ["/", "cors", "other"],
    ["/api/incidents", "cors", "other"],
    ["/api/tiles/12/3/4.pbf", "cors", "other"],
    ["/api/live", "websocket", "other"],
    ["https://elsewhere.example/assets/index.js", "cors", "other"],
  ] as const)("for %s by %s is: %s", (path, mode, means) => {
    expect(asks(path, mode as RequestMode)).toBe(means);
  });

  it("that changes something is never touched", () => {
    expect(asks("/assets/index.js", "cors", "POST")).toBe("other");
    expect(asks("/", "navigate", "POST")).toBe("other");
  });
});

it("each page has a worker of its own, which keeps no other page", () => {
  const opens = (path: string, page: string): string =>
    meant({ url: new URL(path, HERE).href, mode: "navigate", method: "GET" }, HERE, page);
  expect([opens("/unit", "/unit"), opens("/", "/unit"), opens("/unit", "/")]).toEqual(["page", "other", "other"]);
});

it("a service is away when a proxy says so, not when it refuses", () => {
  expect([200, 401, 404, 500, 502, 503, 504].map((status) => isAway({ status }))).toEqual([
    ...[false, false, false, false],
    ...[true, true, true],
  ]);
});

it("a page tells its build", () => {
  expect(buildOf('<head><meta name="tarim-build" content="0a1b2c"></head>')).toBe("0a1b2c");
  expect(buildOf("<title>another page</title>")).toBe("");
});
