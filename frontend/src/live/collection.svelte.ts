/** The rows of one board, by id. Reading them in a component makes it follow. */

import type { Row } from "./protocol";

export class Collection<T extends Row> {
  /** False until the service has told them all: an empty board before that says nothing. */
  known = $state(false);
  byId = $state.raw<ReadonlyMap<string, T>>(new Map());
  readonly all: readonly T[] = $derived([...this.byId.values()]);
  readonly #keeps: (row: T) => boolean;

  /** `keeps`: which rows belong on the board; others leave it. */
  constructor(keeps: (row: T) => boolean = () => true) {
    this.#keeps = keeps;
  }

  get(id: string | null): T | undefined {
    return id === null ? undefined : this.byId.get(id);
  }

  /** Everything anew. */
  replace(rows: readonly T[]): void {
    this.byId = new Map(rows.filter(this.#keeps).map((row) => [row.id, row]));
    this.known = true;
  }

  /** What has changed, and what is no more. */
  merge(rows: readonly T[], gone: readonly string[] = []): void {
    if (rows.length === 0 && gone.length === 0) return;
    const next = new Map(this.byId);
    for (const row of rows) {
      if (this.#keeps(row)) next.set(row.id, row);
      else next.delete(row.id);
    }
    for (const id of gone) next.delete(id);
    this.byId = next;
  }

  forget(): void {
    this.byId = new Map();
    this.known = false;
  }
}
