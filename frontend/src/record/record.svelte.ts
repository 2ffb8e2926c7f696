/** The record of one incident, as it was when it was opened. To look leaves a line itself, so it is not asked for again. */

import { api, told } from "../client/api";
import { refusedWords } from "../i18n/refusals";
import { arranged, isLook, type RecordRow } from "./lines";

class IncidentRecord {
  /** The incident whose record is open. */
  incidentId = $state<string | null>(null);
  number = $state("");
  rows = $state.raw<readonly RecordRow[] | null>(null);
  looks = $state(0);
  refused = $state<string | null>(null);

  async open(incident_id: string): Promise<void> {
    Object.assign(this, { incidentId: incident_id, rows: null, refused: null, number: "" });
    try {
      const path = { incident_id };
      const record = await told(api.GET("/api/incidents/{incident_id}/record", { params: { path } }));
      if (this.incidentId !== incident_id) return;
      this.number = record.number;
      this.looks = record.lines.filter(isLook).length;
      this.rows = arranged(record.lines.filter((line) => !isLook(line)));
    } catch (error) {
      this.refused = refusedWords(error);
    }
  }

  close(): void {
    this.incidentId = null;
    this.rows = null;
  }
}

export const record = new IncidentRecord();
