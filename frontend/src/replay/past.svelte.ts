/** The past moment as the boards tell it: each unit and incident with where it stood then. */

import { moment } from "../format/time";
import { i18n } from "../i18n/index.svelte";
import { progressOf, type Progress } from "../incidents/progress";
import type { IncidentRow, UnitRow } from "../live/rows";
import type { Schemas } from "../client/api";
import { standingOf, type Standing } from "../units/standing";
import { replay } from "./replay.svelte";

export type PastRun = Schemas["PastAssignmentOut"];

export interface PastUnit {
  id: string;
  row: UnitRow;
  standing: Standing;
  fixAt: number | null;
}

export interface PastIncident {
  id: string;
  row: IncidentRow;
  units: readonly PastRun[];
  progress: Progress;
}

class PastBoards {
  readonly #runs: readonly PastRun[] = $derived(replay.past?.assignments ?? []);
  readonly #since: ReadonlyMap<string, number | null> = $derived(
    new Map((replay.past?.units ?? []).map((row) => [row.id, moment(row.since)])),
  );
  readonly at: number = $derived(replay.at === null ? 0 : Math.floor(replay.at / 1_000) * 1_000);
  readonly units: readonly PastUnit[] = $derived(
    (replay.past?.units ?? []).map((row) => {
      const fixAt = replay.spot(row.id)?.fixAt ?? moment(row.position.fix_at);
      const run = this.#runs.find(({ unit_id }) => unit_id === row.id);
      return { id: row.id, row, fixAt, standing: standingOf(row, run, fixAt, this.at, i18n.t.codes) };
    }),
  );
  readonly incidents: readonly PastIncident[] = $derived(
    (replay.past?.incidents ?? [])
      .map((row) => {
        const units = this.#runs.filter(({ incident_id }) => incident_id === row.id);
        const progress = progressOf(row, units, (id) => this.#since.get(id) ?? null, this.at);
        return { id: row.id, row, units, progress };
      })
      .sort((a, b) => a.row.priority.localeCompare(b.row.priority) || a.row.t0.localeCompare(b.row.t0)),
  );
  readonly free: number = $derived(this.units.filter(({ row, standing }) => row.available && !standing.lost).length);
}

export const pastBoards = new PastBoards();
