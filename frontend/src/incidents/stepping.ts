/** Going through the board by key. */

import type { BoardIncident } from "./board.svelte";

type Rows = readonly Pick<BoardIncident, "id" | "progress">[];

/** The next or previous id; at an end it stays. Without one selected, the first. */
export function step(rows: Rows, selected: string | null, by: 1 | -1): string | null {
  const at = rows.findIndex(({ id }) => id === selected);
  const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by));
  return rows[next]?.id ?? selected;
}

/** The next that waits for a unit, going round; the selected one if it is the only one. */
export function nextWaiting(rows: Rows, selected: string | null): string | null {
  const at = rows.findIndex(({ id }) => id === selected);
  const round = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
  return round.find(({ progress }) => progress.waits)?.id ?? selected;
}
