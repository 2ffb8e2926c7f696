/** What is typed for a call before its incident is open, and which seat types it. */

import type { Schemas } from "../client/api";

export type DraftBody = Schemas["DraftBody"];
export type DraftPlace = Schemas["DraftPlace"];

const STORED = "tarim.seat";
const LENGTH = 4;
const SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

export function emptyDraft(language: string): DraftBody {
  return {
    phone: "",
    caller: "",
    language,
    place_words: "",
    place: null,
    direction: "",
    card: "",
    answers: {},
    people: null,
    patients: [],
    notes: "",
    more: {},
  };
}

/** Whether anything was typed: an empty draft is not worth keeping. */
export function isEmpty(body: DraftBody): boolean {
  const { language: _, ...rest } = body;
  const { language: __, ...nothing } = emptyDraft("");
  return JSON.stringify(rest) === JSON.stringify(nothing);
}

/** This browser's name among the seats; made once, and kept. */
export function seatName(store: Pick<Storage, "getItem" | "setItem"> = localStorage): string {
  try {
    const kept = store.getItem(STORED);
    if (kept) return kept;
    const drawn = crypto.getRandomValues(new Uint8Array(LENGTH));
    const made = [...drawn].map((byte) => SIGNS[byte % SIGNS.length]).join("");
    store.setItem(STORED, made);
    return made;
  } catch {
    return "—";
  }
}
