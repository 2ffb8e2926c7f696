/** All of the incident in hand: asked for when it is chosen, and again whenever its row says that something changed. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import type { IncidentRow } from "../live/rows";
import { live } from "../live/store.svelte";

export type IncidentDetail = Schemas["IncidentOut"];

/** Who goes through the board by key looks at each for less than this: every look leaves a line. Milliseconds. */
const SETTLED_MS = 150;

class Detail {
  /** Of the incident in hand; null while it is not here. */
  value = $state.raw<IncidentDetail | null>(null);
  failed = $state(false);
  #wanted = "";
  #id = "";
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Follow a row; none: nothing is in hand. */
  follow(row: IncidentRow | undefined): void {
    const wanted = row === undefined ? "" : fingerprint(row);
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#id = row?.id ?? "";
    if (this.value?.incident.id !== row?.id) this.value = null;
    clearTimeout(this.#timer);
    if (row !== undefined) this.#timer = setTimeout(() => void this.#load(row.id, wanted), SETTLED_MS);
  }

  /** Ask anew: something has changed that the row does not tell. */
  again(): void {
    if (this.#id !== "") void this.#load(this.#id, this.#wanted);
  }

  async #load(incident_id: string, wanted: string): Promise<void> {
    try {
      const value = await told(api.GET("/api/incidents/{incident_id}", { params: { path: { incident_id } } }));
      // Another was chosen meanwhile, or it has changed again: that answer is on its way.
      if (wanted !== this.#wanted) return;
      this.value = value;
      this.failed = false;
      // One that has left the board is told by nobody else.
      if (live.incidents.get(incident_id) === undefined) live.incidents.merge([value.incident]);
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      if (wanted !== this.#wanted) return;
      this.failed = true;
      this.#wanted = "";
    }
  }
}

/** Whatever tells that the whole has changed. */
function fingerprint(row: IncidentRow): string {
  const parts = [row.id, row.version, row.place_version, row.calls, row.patients, row.patients_open, row.last_note_at];
  const onBoard = live.incidents.get(row.id) !== undefined;
  return [...parts, row.asked_again, row.priority, row.state, onBoard].join("|");
}

export const detail = new Detail();
