/** Choosing a hospital for a patient of the incident in hand, by the service's ranking; another than the first asks why. */

import { Acting } from "../client/acting.svelte";
import { api, told, type Schemas } from "../client/api";

export type Ranking = Schemas["RankingOut"];

export class Choosing extends Acting {
  readonly patientId: string;
  ranking = $state.raw<Ranking | null>(null);
  unheld = $state<Schemas["Unheld"] | null>(null);
  hospital = $state("");
  reason = $state<Schemas["ChoiceReason"] | null>(null);
  readonly isFirst: boolean = $derived(this.ranking?.ranked[0]?.hospital_id === this.hospital);
  /** What is still to be said; null: nothing. */
  readonly need: "needHospital" | "needReason" | null = $derived(
    this.hospital === "" ? "needHospital" : this.isFirst || this.reason !== null ? null : "needReason",
  );

  constructor(patientId: string) {
    super();
    this.patientId = patientId;
  }

  async rank(unit_id: string | null): Promise<void> {
    await this.run(async () => {
      const params = { path: { patient_id: this.patientId } };
      const body = { unheld: this.unheld, unit_id };
      this.ranking = await told(api.POST("/api/patients/{patient_id}/destinations/ranking", { params, body }));
      this.hospital = this.ranking.ranked[0]?.hospital_id ?? "";
      this.reason = null;
    });
  }

  /** Whether it was taken. */
  async choose(): Promise<boolean> {
    const { ranking, hospital: hospital_id, need } = this;
    if (ranking === null || need !== null) return false;
    return this.run(async () => {
      const params = { path: { patient_id: this.patientId } };
      const body = { ranking_id: ranking.id, hospital_id, reason: this.isFirst ? null : this.reason };
      await told(api.POST("/api/patients/{patient_id}/destinations", { params, body }));
    });
  }
}
