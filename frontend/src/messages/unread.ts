/** Which messages of other sides this seat has heard of and its own side has not read. Pure. */

import type { Schemas } from "../client/api";

type Side = Schemas["Side"];
export interface Fact {
  type: string;
  payload: Readonly<Record<string, unknown>>;
}

/** What is unread after a fact; the same set where nothing has changed. A hospital is told those of its patients only. */
export function unreadAfter(unread: ReadonlySet<string>, { type, payload }: Fact, own: Side): ReadonlySet<string> {
  if (type === "message.sent") {
    const { message_id: id, side, patient_id: patient } = payload;
    if (typeof id !== "string" || side === own || unread.has(id)) return unread;
    return own === "hospital" && typeof patient !== "string" ? unread : new Set([...unread, id]);
  }
  if (type !== "message.read" || payload["side"] !== own) return unread;
  const read = payload["message_ids"];
  if (!Array.isArray(read) || !read.some((id) => unread.has(id as string))) return unread;
  return new Set([...unread].filter((id) => !read.includes(id)));
}

/** The page's title with how many are unread before it. */
export function titled(title: string, unread: number): string {
  const bare = title.replace(/^\(\d+\) /, "");
  return unread === 0 ? bare : `(${String(unread)}) ${bare}`;
}
