/** The unit board: units by station, and how many of each kind. */

import { moment } from "../format/time";
import { i18n } from "../i18n/index.svelte";
import { live } from "../live/store.svelte";
import type { AssignmentRow, Names, System, UnitRow } from "../live/rows";
import { standingOf, type Standing } from "./standing";

export interface BoardUnit {
  id: string;
  row: UnitRow;
  run: AssignmentRow | undefined;
  standing: Standing;
  /** Of the newest position known; milliseconds since 1970. */
  fixAt: number | null;
}

export interface BoardStation {
  id: string;
  names: Names;
  system: System;
  units: readonly BoardUnit[];
  sendable: number;
}

class FleetState {
  readonly #runs: ReadonlyMap<string, AssignmentRow> = $derived(
    new Map(live.assignments.all.map((row) => [row.unit_id, row])),
  );
  readonly all: readonly BoardUnit[] = $derived(live.units.all.map((row) => this.#told(row)));
  readonly byStation: readonly BoardStation[] = $derived(stations(this.all));
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
    return { id: row.id, row, run, fixAt, standing: standingOf(row, run, fixAt, now, i18n.t.codes) };
  }
}

function stations(units: readonly BoardUnit[]): BoardStation[] {
  const grouped = Map.groupBy(units, ({ row }) => row.station.id);
  return [...grouped]
    .map(([id, members]) => {
      const [first] = members as [BoardUnit, ...BoardUnit[]];
      return {
        id,
        names: first.row.station.names,
        system: first.row.system,
        units: members.toSorted((a, b) => a.row.call_sign.localeCompare(b.row.call_sign, "zh")),
        sendable: members.filter(({ row, standing }) => row.available && !standing.lost).length,
      };
    })
    .sort((a, b) => a.system.localeCompare(b.system) || a.names.zh.localeCompare(b.names.zh, "zh"));
}

export const fleet = new FleetState();
