/** Changing an incident: notes are kept as drafts until they are saved, whatever else is looked at meanwhile. */

import { SvelteMap } from "svelte/reactivity";
import { api, told } from "../client/api";
import { Acting } from "../client/acting.svelte";
import type { IncidentRow, Priority } from "../live/rows";
import { boxes } from "./boxes.svelte";
import { detail } from "./detail.svelte";

const HIGHER: Partial<Record<Priority, Priority>> = { P2: "P1", P3: "P2", P4: "P3" };
const LOWER: Partial<Record<Priority, Priority>> = { P1: "P2", P2: "P3", P3: "P4" };

class Editing extends Acting {
  /** Words not saved yet, by incident. */
  readonly drafts = new SvelteMap<string, string>();

  write(incidentId: string, text: string): void {
    if (text === "") this.drafts.delete(incidentId);
    else this.drafts.set(incidentId, text);
  }

  /** Save the note that is written; it stays a draft until the service has it. */
  async saveNote(incident_id: string): Promise<void> {
    const text = this.drafts.get(incident_id)?.trim() ?? "";
    if (text === "") return;
    const done = await this.run(async () => {
      const path = { incident_id };
      await told(api.POST("/api/incidents/{incident_id}/notes", { params: { path }, body: { text } }));
    });
    if (!done) return;
    this.drafts.delete(incident_id);
    // The row of one that is over is told no more.
    detail.again();
    if (boxes.of(incident_id) === "note") boxes.close();
  }

  /** One step less urgent; null where there is none. */
  below(row: IncidentRow): Priority | null {
    return LOWER[row.priority] ?? null;
  }

  /** Lower it, what is written being the reason: the service keeps it as that. Who may, it says. */
  async lower(row: IncidentRow): Promise<void> {
    const priority = this.below(row);
    const reason = this.drafts.get(row.id)?.trim() ?? "";
    if (priority === null || reason === "") return;
    const done = await this.run(async () => {
      const path = { incident_id: row.id };
      const body = { priority, reason, version: row.version };
      await told(api.POST("/api/incidents/{incident_id}/priority", { params: { path }, body }));
    });
    if (!done) return;
    this.drafts.delete(row.id);
    if (boxes.of(row.id) === "note") boxes.close();
  }

  /** One step more urgent; null where there is none. */
  above(row: IncidentRow): Priority | null {
    return HIGHER[row.priority] ?? null;
  }

  async raise(row: IncidentRow): Promise<void> {
    const priority = this.above(row);
    if (priority === null) return;
    await this.run(async () => {
      const path = { incident_id: row.id };
      const body = { priority, version: row.version };
      await told(api.POST("/api/incidents/{incident_id}/priority", { params: { path }, body }));
    });
  }
}

export const editing = new Editing();
