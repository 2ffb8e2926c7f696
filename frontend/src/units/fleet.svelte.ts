/** The unit board: units by station, and how many of each kind. */

import { spoken } from "../format/measures";
import { moment } from "../format/time";
import { i18n } from "../i18n/index.svelte";
import type { Coming } from "../live/arrivals.svelte";
import { live } from "../live/store.svelte";
import type { AssignmentRow, System, UnitRow } from "../live/rows";
import { siftOf } from "../ui/sift";
import type { Tone } from "../ui/signs";
import { standingOf, type Standing } from "./standing";

export interface BoardUnit {
  id: string;
  row: UnitRow;
  run: AssignmentRow | undefined;
  /** When it will be there, while it is under way. */
  coming: Coming | undefined;
  standing: Standing;
  /** Of the newest position known; milliseconds since 1970. */
  fixAt: number | null;
}

/** Units under one head: a station, or a state. */
export interface BoardGroup {
  id: string;
  name: string;
  /** Whose station it is; null where units of both stand together. */
  system: System | null;
  units: readonly BoardUnit[];
  sendable: number;
}

export type Order = "station" | "state";
/** One collator for all: to make one for each comparison takes longer than everything else here. */
const order = new Intl.Collator("zh", { numeric: true }).compare;
/** What needs eyes comes first. */
const STATES = ["lost", "working", "free", "out"] as const satisfies readonly Tone[];

class FleetState {
  readonly #runs: ReadonlyMap<string, AssignmentRow> = $derived(
    new Map(live.assignments.all.map((row) => [row.unit_id, row])),
  );
  readonly all: readonly BoardUnit[] = $derived(live.units.all.map((row) => this.#told(row)));
  order = $state<Order>("station");
  /** What is typed to look for; "" shows all. */
  words = $state("");
  readonly byStation: readonly BoardGroup[] = $derived(byStation(this.all));
  readonly groups: readonly BoardGroup[] = $derived.by(() => {
    if (this.words === "") return this.order === "station" ? this.byStation : byState(this.all);
    const sift = siftOf(this.words);
    const found = this.all.filter((one) => sift(saidOf(one)));
    return this.order === "station" ? byStation(found) : byState(found);
  });
  readonly sendable: number = $derived(this.all.filter(({ row, standing }) => row.available && !standing.lost).length);
  readonly running: number = $derived(this.all.filter(({ row }) => row.assignment !== null).length);
  readonly out: number = $derived(this.all.filter(({ standing }) => standing.tone === "out").length);
  readonly lost: number = $derived(this.all.filter(({ standing }) => standing.tone === "lost").length);

  find(unitId: string | null): BoardUnit | undefined {
    const row = live.units.get(unitId);
    return row && this.#told(row);
  }

  runOf(unitId: string): AssignmentRow | undefined {
    return this.#runs.get(unitId);
  }

  #told(row: UnitRow): BoardUnit {
    const now = live.clock.second;
    const fixAt = moment(live.positions.get(row.id)?.fix_at ?? row.position.fix_at);
    const run = this.#runs.get(row.id);
    return {
      id: row.id,
      row,
      run,
      coming: live.coming(run?.id),
      fixAt,
      standing: standingOf(row, run, fixAt, now, i18n.t.codes),
    };
  }
}

/** What a row says, to be looked through. */
function saidOf({ row, standing }: BoardUnit): string[] {
  const { assignment } = row;
  const incident = assignment === null ? "" : spoken(assignment.incident_number);
  return [row.call_sign, i18n.name(row.station.names), standing.word, i18n.t.codes.system[row.system], incident];
}

function group(id: string, name: string, system: System | null, units: readonly BoardUnit[]): BoardGroup {
  const sendable = units.filter(({ row, standing }) => row.available && !standing.lost).length;
  return { id, name, system, units: units.toSorted(byCallSign), sendable };
}

function byStation(units: readonly BoardUnit[]): BoardGroup[] {
  return [...Map.groupBy(units, ({ row }) => row.station.id)]
    .map(([id, members]) => {
      const [first] = members as [BoardUnit, ...BoardUnit[]];
      return group(id, i18n.name(first.row.station.names), first.row.system, members);
    })
    .sort((a, b) => String(a.system).localeCompare(String(b.system)) || order(a.name, b.name));
}

function byState(units: readonly BoardUnit[]): BoardGroup[] {
  const found = Map.groupBy(units, ({ standing }) => standing.tone);
  return STATES.flatMap((tone) => {
    const members = found.get(tone);
    return members === undefined ? [] : [group(tone, i18n.t.boards.states[tone], null, members)];
  });
}

function byCallSign(a: BoardUnit, b: BoardUnit): number {
  return order(a.row.call_sign, b.row.call_sign);
}

export const fleet = new FleetState();
