/** A message as the page shows it. */

export interface Said {
  id: string;
  kind: "message" | "question" | "advice";
  side: "asker" | "centre" | "coordinator";
  author: string;
  mine: boolean;
  atMs: number;
  /** Null: erased by law. */
  words: string | null;
  reads: readonly { name: string; atMs: number }[];
  /** Written here, and not at the service yet. */
  held: boolean;
}
