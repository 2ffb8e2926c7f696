/**
 * Which tab this is: kept while it is loaded anew, and nobody else's. A browser copies what a tab keeps when the tab is
 * doubled; the copy finds that the name is taken, and begins with nothing.
 */

const STORED = "tarim.tab";
/** A tab that is loaded anew lets go of its name well within this, on a busy machine too; milliseconds. */
const PATIENCE_MS = 10_000;

export interface Tab {
  id: string;
  /** It goes on from before; what it kept is its own. */
  again: boolean;
}

/** Take the kept name, or a new one, until the tab ends. */
async function taken(): Promise<Tab> {
  const kept = sessionStorage.getItem(STORED);
  if (kept !== null && (await holdsAgain(kept))) return { id: kept, again: true };
  const id = crypto.randomUUID();
  sessionStorage.setItem(STORED, id);
  await holds(id, { ifAvailable: true });
  return { id, again: false };
}

/** Who comes by an address looks once: in a queue it would get the name when the first tab is loaded anew. */
async function holdsAgain(id: string): Promise<boolean> {
  const [arrival] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const queues = arrival?.type !== "navigate";
  return holds(id, queues ? { signal: AbortSignal.timeout(PATIENCE_MS) } : { ifAvailable: true });
}

async function holds(id: string, how: LockOptions): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  navigator.locks
    .request(`tarim.tab.${id}`, how, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => undefined);
    })
    .catch(() => resolve(false));
  return promise;
}

/** Asked for at the first use: a panel's window is no tab of its own. */
let asked: Promise<Tab> | undefined;
export function thisTab(): Promise<Tab> {
  asked ??= taken();
  return asked;
}
