/** The incident board as a dispatcher sees it: each incident with its units and where it stands, in the board's order. */

import { coordinates } from "../format/measures";
import { moment } from "../format/time";
import { live } from "../live/store.svelte";
import type { AssignmentRow, IncidentRow } from "../live/rows";
import { progressOf, type Progress } from "./progress";

export interface BoardIncident {
  id: string;
  row: IncidentRow;
  units: readonly AssignmentRow[];
  progress: Progress;
}

export type Filter = "all" | "waiting" | "running";

const NONE: readonly AssignmentRow[] = [];

class IncidentBoardState {
  filter = $state<Filter>("all");

  readonly #unitsOf: ReadonlyMap<string, AssignmentRow[]> = $derived(
    Map.groupBy(live.assignments.all, (row) => row.incident_id),
  );
  /** By priority; of one priority those that wait first, then the oldest. */
  readonly all: readonly BoardIncident[] = $derived(live.incidents.all.map((row) => this.#told(row)).sort(inOrder));
  readonly shown: readonly BoardIncident[] = $derived(
    this.all.filter(({ progress }) => this.filter === "all" || progress.waits === (this.filter === "waiting")),
  );
  readonly waiting: number = $derived(this.all.filter(({ progress }) => progress.waits).length);

  unitsOf(incidentId: string): readonly AssignmentRow[] {
    return this.#unitsOf.get(incidentId) ?? NONE;
  }

  /** One of the board, or one that was on it and is over: its row tells. */
  find(incidentId: string | null): BoardIncident | undefined {
    const row = live.incidents.seen(incidentId);
    return row && this.#told(row);
  }

  #told(row: IncidentRow): BoardIncident {
    const units = this.unitsOf(row.id);
    const since = (id: string): number | null => moment(live.units.get(id)?.since);
    return { id: row.id, row, units, progress: progressOf(row, units, since, live.clock.second) };
  }
}

/** Where it is, in words; without any, its coordinates; "" where nothing is known. */
export function placeOf(row: IncidentRow): string {
  if (row.words !== "") return row.words;
  return row.lat === null || row.lon === null ? "" : coordinates(row.lat, row.lon);
}

function inOrder(a: BoardIncident, b: BoardIncident): number {
  return (
    a.row.priority.localeCompare(b.row.priority) ||
    Number(b.progress.waits) - Number(a.progress.waits) ||
    a.row.t0.localeCompare(b.row.t0) ||
    a.id.localeCompare(b.id)
  );
}

export const incidentBoard = new IncidentBoardState();
