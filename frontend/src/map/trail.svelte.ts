/** Where the unit in hand has been since it was looked at: kept in this page only. */

import type { Latest } from "../live/protocol";

const MOST = 600;

class Trail {
  line = $state.raw<readonly (readonly [number, number])[]>([]);
  #unitId: string | null = null;

  /** Of whom; another unit begins a new trail. */
  of(unitId: string | null): void {
    if (unitId === this.#unitId) return;
    this.#unitId = unitId;
    this.line = [];
  }

  moved(items: readonly Latest[]): void {
    const latest = items.find(({ id }) => id === this.#unitId);
    if (latest === undefined) return;
    this.line = [...this.line.slice(1 - MOST), [latest.lon, latest.lat]];
  }
}

export const trail = new Trail();
