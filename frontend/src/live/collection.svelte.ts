/** The rows of one board, by id. Reading them in a component makes it follow. */

import type { Row } from "./protocol";

/** So many rows that have left a board are remembered. */
const MOST_LEFT = 200;

export class Collection<T extends Row> {
  /** False until the service has told them all: an empty board before that says nothing. */
  known = $state(false);
  byId = $state.raw<ReadonlyMap<string, T>>(new Map());
  readonly all: readonly T[] = $derived([...this.byId.values()]);
  /** Rows that have left the board, as they were told last. */
  #left = $state.raw<ReadonlyMap<string, T>>(new Map());
  readonly #keeps: (row: T) => boolean;

  /** `keeps`: which rows belong on the board; others leave it. */
  constructor(keeps: (row: T) => boolean = () => true) {
    this.#keeps = keeps;
  }

  get(id: string | null): T | undefined {
    return id === null ? undefined : this.byId.get(id);
  }

  /** The same, also where it has left the board since: then as it was told last, until somebody asks and merges it. */
  seen(id: string | null): T | undefined {
    return this.get(id) ?? (id === null ? undefined : this.#left.get(id));
  }

  /** Everything anew. */
  replace(rows: readonly T[]): void {
    const before = this.byId;
    this.byId = new Map(rows.filter(this.#keeps).map((row) => [row.id, row]));
    this.#leave([...before.values()].filter((row) => !this.byId.has(row.id)));
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
    const left = gone.flatMap((id) => this.byId.get(id) ?? []);
    this.byId = next;
    this.#leave([...left, ...rows.filter((row) => !this.#keeps(row))]);
  }

  forget(): void {
    this.byId = new Map();
    this.#left = new Map();
    this.known = false;
  }

  #leave(rows: readonly T[]): void {
    if (rows.length === 0) return;
    const left = new Map(this.#left);
    for (const row of rows) {
      left.delete(row.id);
      left.set(row.id, row);
    }
    this.#left = new Map([...left].slice(-MOST_LEFT));
  }
}
