/** The incident board as a dispatcher sees it: each incident with its units and where it stands, in the board's order. */

import { coordinates, spoken } from "../format/measures";
import { moment } from "../format/time";
import { live } from "../live/store.svelte";
import type { AssignmentRow, IncidentRow } from "../live/rows";
import { siftOf } from "../ui/sift";
import { complaints } from "./complaints.svelte";
import { inOrder, pinnedFirst } from "./ordering";
import { pins } from "./pins.svelte";
import { placeWords } from "./placeWords";
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
  /** What is typed to look for; "" shows all. */
  words = $state("");

  readonly #unitsOf: ReadonlyMap<string, AssignmentRow[]> = $derived(
    Map.groupBy(live.assignments.all, (row) => row.incident_id),
  );
  /** By priority; of one priority those that wait first, then the oldest. */
  readonly all: readonly BoardIncident[] = $derived(live.incidents.all.map((row) => this.#told(row)).sort(inOrder));
  readonly waiting: number = $derived(this.all.filter(({ progress }) => progress.waits).length);
  readonly shown: readonly BoardIncident[] = $derived.by(() => {
    const sift = siftOf(this.words);
    const found = this.all.filter(
      (one) =>
        (this.filter === "all" || one.progress.waits === (this.filter === "waiting")) &&
        (this.words === "" || sift(saidOf(one))),
    );
    return pinnedFirst(found, pins.ids);
  });
  /** So many that wait for a unit are not shown, because of what is looked for. */
  readonly hidden: number = $derived(
    this.words === "" ? 0 : this.waiting - this.shown.filter(({ progress }) => progress.waits).length,
  );

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

/** What a row says, to be looked through. */
function saidOf({ row, units }: BoardIncident): string[] {
  const signs = units.map(({ call_sign }) => call_sign);
  const complaint = complaints.name(row.complaint);
  return [
    row.priority,
    spoken(row.number),
    row.number,
    complaint,
    row.complaint,
    placeOf(row),
    row.direction,
    ...signs,
  ];
}

/** Where it is, in words; without any, its coordinates; "" where nothing is known. */
export function placeOf(row: IncidentRow): string {
  if (row.words !== "") return placeWords(row.words);
  return row.lat === null || row.lon === null ? "" : coordinates(row.lat, row.lon);
}

export const incidentBoard = new IncidentBoardState();
