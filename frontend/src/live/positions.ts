/**
 * The newest positions. 500 vehicles move every second: what draws them listens, and no component is woken by each.
 * A board that shows ages reads them as the clock beats.
 */

import type { Latest } from "./protocol";

type Listener = (moved: readonly Latest[]) => void;

export class Positions {
  readonly #byUnit = new Map<string, Latest>();
  readonly #listeners = new Set<Listener>();

  get(unitId: string): Latest | undefined {
    return this.#byUnit.get(unitId);
  }

  all(): Iterable<Latest> {
    return this.#byUnit.values();
  }

  /** Takes what is newer than what is known; older fixes may come late. */
  take(items: readonly Latest[]): void {
    const moved = items.filter((item) => {
      const known = this.#byUnit.get(item.id);
      return known === undefined || known.fix_at <= item.fix_at;
    });
    for (const item of moved) this.#byUnit.set(item.id, item);
    if (moved.length > 0) for (const listener of this.#listeners) listener(moved);
  }

  /** Returns how to stop listening. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  forget(): void {
    this.#byUnit.clear();
  }
}
