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

const SEAT = "seat";

/** A browser may keep nothing, or be full: then the page opens as if nothing had been kept. */
export async function keepSeat(seat: unknown): Promise<void> {
  try {
    await (await database()).put("seat", seat, SEAT);
  } catch {
    return;
  }
}

export async function keptSeat(): Promise<unknown> {
  try {
    return await (await database()).get("seat", SEAT);
  } catch {
    return undefined;
  }
}

export async function forgetSeat(): Promise<void> {
  try {
    await (await database()).delete("seat", SEAT);
  } catch {
    return;
  }
}
