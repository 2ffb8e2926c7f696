/** What this phone keeps, in IndexedDB: what waits for the link, and the job as it was last known. */

import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Held, Shelf } from "./outbox.svelte";

interface Kept extends DBSchema {
  outbox: { key: string; value: Held };
  /** One thing of each name. */
  seat: { key: string; value: unknown };
}

let opened: Promise<IDBPDatabase<Kept>> | undefined;

function database(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>("tarim-unit", 1, {
    upgrade(made) {
      made.createObjectStore("outbox", { keyPath: "id" });
      made.createObjectStore("seat");
    },
  });
  return opened;
}

export const shelf: Shelf = {
  all: async () => (await database()).getAll("outbox"),
  put: async (held) => void (await (await database()).put("outbox", held)),
  remove: async (id) => (await database()).delete("outbox", id),
};

/** What is known beside the outbox; all of it goes with the person. */
export type Known = "seat" | "chart";

/** A browser may keep nothing, or be full: then the page opens as if nothing had been kept. */
export async function keepSeat(known: unknown, name: Known = "seat"): Promise<void> {
  try {
    await (await database()).put("seat", known, name);
  } catch {
    return;
  }
}

export async function keptSeat(name: Known = "seat"): Promise<unknown> {
  try {
    return await (await database()).get("seat", name);
  } catch {
    return undefined;
  }
}

export async function forgetSeat(): Promise<void> {
  try {
    await (await database()).clear("seat");
  } catch {
    return;
  }
}
