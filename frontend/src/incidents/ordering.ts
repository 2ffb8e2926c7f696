/** The order of the incident board. Pure. */

import type { IncidentRow } from "../live/rows";
import type { Progress } from "./progress";

export interface Ordered {
  id: string;
  row: Pick<IncidentRow, "priority" | "t0">;
  progress: Pick<Progress, "waits">;
}

/** By priority; of one priority those that wait first, then the oldest. */
export function inOrder(a: Ordered, b: Ordered): number {
  return (
    ascii(a.row.priority, b.row.priority) ||
    Number(b.progress.waits) - Number(a.progress.waits) ||
    ascii(a.row.t0, b.row.t0) ||
    ascii(a.id, b.id)
  );
}

/** What is pinned goes before, in the order in which it was pinned; the rest stays as it is. */
export function pinnedFirst<One extends { id: string }>(rows: readonly One[], pinned: readonly string[]): One[] {
  const at = new Map(pinned.map((id, place) => [id, place]));
  const first = rows.filter(({ id }) => at.has(id)).sort((a, b) => (at.get(a.id) ?? 0) - (at.get(b.id) ?? 0));
  return [...first, ...rows.filter(({ id }) => !at.has(id))];
}

/** Of codes and UTC times in one form: the order of their letters is theirs. */
function ascii(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
