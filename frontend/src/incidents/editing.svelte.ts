/** Changing an incident: notes are kept as drafts until they are saved, whatever else is looked at meanwhile. */

import { SvelteMap } from "svelte/reactivity";
import { api, NoAnswer, Refusal, told } from "../client/api";
import type { IncidentRow, Priority } from "../live/rows";

const HIGHER: Partial<Record<Priority, Priority>> = { P2: "P1", P3: "P2", P4: "P3" };

class Editing {
  /** Words not saved yet, by incident. */
  readonly drafts = new SvelteMap<string, string>();
  /** The incident whose note box is open. */
  noteOf = $state<string | null>(null);
  /** Why the last change was not taken; "" when no answer came. */
  refused = $state<string | null>(null);
  busy = $state(false);

  openNote(incidentId: string): void {
    this.noteOf = incidentId;
    this.refused = null;
  }

  closeNote(): void {
    this.noteOf = null;
  }

  write(incidentId: string, text: string): void {
    if (text === "") this.drafts.delete(incidentId);
    else this.drafts.set(incidentId, text);
  }

  /** Save the note that is written; it stays a draft until the service has it. */
  async saveNote(incident_id: string): Promise<void> {
    const text = this.drafts.get(incident_id)?.trim() ?? "";
    if (text === "") return;
    await this.#save(async () => {
      const path = { incident_id };
      await told(api.POST("/api/incidents/{incident_id}/notes", { params: { path }, body: { text } }));
      this.drafts.delete(incident_id);
      if (this.noteOf === incident_id) this.noteOf = null;
    });
  }

  /** One step more urgent; null where there is none. */
  above(row: IncidentRow): Priority | null {
    return HIGHER[row.priority] ?? null;
  }

  async raise(row: IncidentRow): Promise<void> {
    const priority = this.above(row);
    if (priority === null) return;
    await this.#save(async () => {
      const path = { incident_id: row.id };
      const body = { priority, version: row.version };
      await told(api.POST("/api/incidents/{incident_id}/priority", { params: { path }, body }));
    });
  }

  async #save(act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.refused = null;
    try {
      await act();
    } catch (error) {
      if (error instanceof Refusal) this.refused = error.message;
      else if (error instanceof NoAnswer) this.refused = "";
      else throw error;
    } finally {
      this.busy = false;
    }
  }
}

export const editing = new Editing();
