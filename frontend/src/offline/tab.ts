/**
 * Which tab this is: kept while it is loaded anew, and nobody else's. A browser copies what a tab keeps when the tab is
 * doubled; the copy finds that the name is taken, and begins with nothing.
 */

const STORED = "tarim.tab";
/** A tab that is loaded anew lets go of its name well within this; milliseconds. */
const PATIENCE_MS = 2_000;

export interface Tab {
  id: string;
  /** It goes on from before; what it kept is its own. */
  again: boolean;
}

/** Take the kept name, or a new one, until the tab ends. */
async function taken(): Promise<Tab> {
  const kept = sessionStorage.getItem(STORED);
  if (kept !== null && (await holds(kept, PATIENCE_MS))) return { id: kept, again: true };
  const id = crypto.randomUUID();
  sessionStorage.setItem(STORED, id);
  await holds(id, PATIENCE_MS);
  return { id, again: false };
}

async function holds(id: string, patienceMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  navigator.locks
    .request(`tarim.tab.${id}`, { signal: AbortSignal.timeout(patienceMs) }, () => {
      resolve(true);
      return new Promise(() => undefined);
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
