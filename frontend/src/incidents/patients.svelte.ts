/** Patients of the incident in hand: recorded, and given an outcome. What is typed of each is kept until it is saved. */

import { SvelteMap } from "svelte/reactivity";
import { api, told } from "../client/api";
import { Acting } from "../client/acting.svelte";
import { detail } from "./detail.svelte";
import { ageOf, formOf, needOf, outcomeOf, type PatientForm, type PatientRow } from "./patientForm";

/** In place of a patient's id: one who is not recorded yet. */
export const NEW = "new";

class Patients extends Acting {
  readonly #forms = new SvelteMap<string, PatientForm>();
  /** Of a patient who is not recorded yet, by incident: the same one when it is sent again. */
  readonly #keys = new Map<string, string>();
  /** Who is looked at, by incident. */
  readonly #looked = new SvelteMap<string, string>();

  /** Who is looked at: whoever was chosen, else the first without an outcome. */
  at(incidentId: string, rows: readonly PatientRow[]): string {
    const chosen = this.#looked.get(incidentId);
    if (chosen !== undefined && (chosen === NEW || rows.some(({ id }) => id === chosen))) return chosen;
    return rows.find(({ state }) => state === "open")?.id ?? rows[0]?.id ?? NEW;
  }

  look(incidentId: string, patientId: string): void {
    this.#looked.set(incidentId, patientId);
    this.forget();
  }

  form(incidentId: string, row: PatientRow | null): PatientForm {
    return this.#forms.get(keyOf(incidentId, row)) ?? formOf(row);
  }

  write(incidentId: string, row: PatientRow | null, change: Partial<PatientForm>): void {
    this.#forms.set(keyOf(incidentId, row), { ...this.form(incidentId, row), ...change });
  }

  /** Whether anything typed of an incident's patients is not saved yet. */
  hasDraft(incidentId: string): boolean {
    return [...this.#forms.keys()].some((key) => key.startsWith(incidentId));
  }

  /** Say that two records are one person: `into` stands for both from now on, and neither is lost. */
  async merge(patient_id: string, into: string): Promise<void> {
    const params = { path: { patient_id } };
    await this.run(async () => {
      await told(api.POST("/api/patients/{patient_id}/merge", { params, body: { into } }));
    });
    detail.again();
  }

  /** That was wrong: they are two. */
  async unmerge(patient_id: string): Promise<void> {
    await this.run(async () => {
      await told(api.DELETE("/api/patients/{patient_id}/merge", { params: { path: { patient_id } } }));
    });
    detail.again();
  }

  async save(incident_id: string, row: PatientRow | null): Promise<void> {
    const form = this.form(incident_id, row);
    const outcome = outcomeOf(form);
    const age_years = ageOf(form);
    if (needOf(form, row) !== null || age_years === undefined) return;
    const key = keyOf(incident_id, row);
    const done = await this.run(async () => {
      if (row === null) {
        const again = this.#keys.get(incident_id) ?? crypto.randomUUID();
        this.#keys.set(incident_id, again);
        const params = { path: { incident_id }, header: { "idempotency-key": again } };
        const body = { name: form.name.trim(), sex: form.sex, age_years, outcome };
        await told(api.POST("/api/incidents/{incident_id}/patients", { params, body }));
      } else if (outcome !== null) {
        const params = { path: { patient_id: row.id } };
        const body = { outcome, reason: form.correction.trim(), version: row.version };
        await told(api.POST("/api/patients/{patient_id}/outcome", { params, body }));
      }
    });
    if (done) {
      this.#forms.delete(key);
      this.#looked.delete(incident_id);
      if (row === null) this.#keys.delete(incident_id);
    }
    // What another seat made of a patient does not show in the incident's row.
    detail.again();
  }
}

function keyOf(incidentId: string, row: PatientRow | null): string {
  return `${incidentId}|${row?.id ?? NEW}`;
}

export const patients = new Patients();
