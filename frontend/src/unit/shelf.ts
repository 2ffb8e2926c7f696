/** What this phone keeps, in IndexedDB: what waits for the link, and the job as it was last known. */

import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Held, Shelf } from "./outbox.svelte";

/** A picture that waits on this phone; `url` shows it, as long as the page lives. */
export interface Photo {
  id: string;
  /** At the service, or of what waits here. */
  patient: string;
  unit: string | null;
  kind: "photo" | "signature";
  person: string;
  /** When it was taken, by this phone's clock. */
  at: number;
  data: ArrayBuffer;
  sha256: string;
  size: number;
  /** So many of its bytes are at the service. */
  sent: number;
  refused: boolean;
  url: string;
}

interface Kept extends DBSchema {
  album: { key: string; value: Photo };
  outbox: { key: string; value: Held };
  /** One thing of each name. */
  seat: { key: string; value: unknown };
}

let opened: Promise<IDBPDatabase<Kept>> | undefined;

function database(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>("tarim-unit", 2, {
    upgrade(made, before) {
      if (before < 1) {
        made.createObjectStore("outbox", { keyPath: "id" });
        made.createObjectStore("seat");
      }
      made.createObjectStore("album", { keyPath: "id" });
    },
  });
  return opened;
}

export const shelf: Shelf = {
  all: async () => (await database()).getAll("outbox"),
  put: async (held) => void (await (await database()).put("outbox", held)),
  remove: async (id) => (await database()).delete("outbox", id),
};

export const album = {
  all: async (): Promise<Photo[]> => (await database()).getAll("album"),
  put: async (photo: Photo): Promise<void> => void (await (await database()).put("album", photo)),
  remove: async (id: string): Promise<void> => (await database()).delete("album", id),
};

/** What is known beside the outbox; all of it goes with the person. */
export type Known = "seat" | "chart" | "orders";

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
