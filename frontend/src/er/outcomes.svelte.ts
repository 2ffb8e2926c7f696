/** Who was handed over to one's own hospital in the last 30 days, and what was told of them. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { troubleWords } from "../i18n/refusals";

export type Brought = Schemas["BroughtOut"];

class Outcomes {
  /** Null: not asked yet. */
  patients = $state.raw<readonly Brought[] | null>(null);
  forms = $state.raw<Schemas["OutcomeFormsOut"] | null>(null);
  busy = $state(false);
  trouble = $state("");

  async load(): Promise<void> {
    try {
      this.forms ??= await told(api.GET("/api/outcome-forms"));
      this.patients = (await told(api.GET("/api/er/outcomes"))).patients;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      this.trouble = troubleWords(error);
    }
  }

  /** Whether it was taken. */
  async tell(patient_id: string, disposition: string, diagnosis: string | null): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.trouble = "";
    const params = { path: { patient_id } };
    try {
      const body = { disposition, diagnosis };
      this.patients = (await told(api.POST("/api/er/patients/{patient_id}/outcome", { params, body }))).patients;
      return true;
    } catch (error) {
      this.trouble = troubleWords(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

export const outcomes = new Outcomes();
