/**
 * The service worker, built once for each page: `/sw.js` for the console, `/unit-sw.js` for the crew's. It is not part of
 * a page.
 *
 * The page comes from the service as long as that answers, so that no console is older than the service it talks to.
 * Only when none answers the kept page comes, with the files that belong to it.
 */

import { buildOf, isAway, meant } from "./shell";

/** Put in by the build: this build, the page, the name of what is kept for it, and the paths of the files it needs. */
declare const SHELL: { build: string; page: string; keptAs: string; files: readonly string[] };

interface Extendable {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetching {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
/** The little of a worker's own world that is used here; the page's types know none of it. */
interface Scope {
  addEventListener(type: "install" | "activate", act: (event: Extendable) => void): void;
  addEventListener(type: "fetch", act: (event: Fetching) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}
const scope = globalThis as unknown as Scope;

const PREFIX = SHELL.keptAs;
const KEPT = `${PREFIX}${SHELL.build}`;
const PAGE = SHELL.page;
/** A service that is there answers well within this; milliseconds. */
const PATIENCE_MS = 4_000;
const ANY = { ignoreVary: true, ignoreSearch: true };

scope.addEventListener("install", (event) => event.waitUntil(keep().then(() => scope.skipWaiting())));
scope.addEventListener("activate", (event) => event.waitUntil(forgetOthers().then(() => scope.clients.claim())));
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const what = meant(request, location.origin, PAGE);
  if (what === "page") event.respondWith(page(request));
  else if (what === "file") event.respondWith(file(request));
});

/** Keep the page with all its files, or nothing: a page of another build would ask for files that are not there. */
async function keep(): Promise<void> {
  const answer = await fetch(PAGE, { cache: "no-store" });
  if (!answer.ok || buildOf(await answer.clone().text()) !== SHELL.build) throw new Error("not the page of this build");
  const cache = await caches.open(KEPT);
  await cache.addAll([...SHELL.files]);
  await cache.put(PAGE, answer);
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== KEPT).map((name) => caches.delete(name)),
  );
}

async function page(request: Request): Promise<Response> {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(PAGE, ANY);
  if (kept === undefined) return fetch(request);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return isAway(answer) ? kept : answer;
  } catch {
    return kept;
  }
}

/** What was not kept beforehand is kept from the first time on. */
async function file(request: Request): Promise<Response> {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request, ANY);
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}
