/**
 * What the service worker does with a request. It keeps the page and its files, so that a seat can be reloaded while the
 * service is away; whatever the service answers under `/api` it never touches, lest the past be taken for the present.
 */

export type Meant =
  /** The page itself: from the service while it answers, else the kept one. */
  | "page"
  /** A file with a hash in its name: one that is kept needs no asking. */
  | "file"
  /** Nothing of ours: the browser asks as if there were no worker. */
  | "other";

/** `page`: the path of the page that the worker keeps. */
export function meant(request: Pick<Request, "method" | "mode" | "url">, origin: string, page = "/"): Meant {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== origin) return "other";
  if (request.mode === "navigate") return url.pathname === page ? "page" : "other";
  return url.pathname.startsWith("/assets/") ? "file" : "other";
}

/** A proxy says so of a service that is away. What the service itself says, it may say. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

export function isAway(answer: Pick<Response, "status">): boolean {
  return AWAY.has(answer.status);
}

/** The build that a page belongs to; "" where it tells none. */
export function buildOf(page: string): string {
  return /<meta name="tarim-build" content="([0-9a-f]+)"/.exec(page)?.[1] ?? "";
}
