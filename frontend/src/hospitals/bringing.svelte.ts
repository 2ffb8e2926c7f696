/** Where one patient is brought, and what hospitals answered: asked for, and again when the journal tells of it. */

import { Acting } from "../client/acting.svelte";
import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { live } from "../live/store.svelte";

export type Choice = Schemas["DestinationChoiceOut"];
export type Answered = Schemas["HospitalAnswerOut"];

export class Bringing extends Acting {
  readonly patientId: string;
  /** Null: not told yet. */
  present = $state.raw<Schemas["DestinationsOut"] | null>(null);
  readonly chosen: Choice | undefined = $derived(
    this.present?.choices.findLast(({ superseded_at }) => superseded_at === null),
  );
  /** The newest word of each hospital, in the order in which they were said. */
  readonly answers: readonly Answered[] = $derived.by(() => {
    const all = this.present?.answers ?? [];
    return all.filter((one, at) => !all.slice(at + 1).some(({ hospital_id }) => hospital_id === one.hospital_id));
  });

  constructor(patientId: string) {
    super();
    this.patientId = patientId;
  }

  /** Follow until stopped. */
  start(): () => void {
    void this.load();
    return live.onFact(({ type }) => {
      if (type.startsWith("destination.")) void this.load();
    });
  }

  async load(): Promise<void> {
    const params = { path: { patient_id: this.patientId } };
    try {
      this.present = await told(api.GET("/api/patients/{patient_id}/destinations", { params }));
    } catch (error) {
      // What is there stays; the page tells of the link.
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }

  /** Say it for a hospital; whether it was taken. */
  async answer(body: Schemas["AnswerIn"]): Promise<boolean> {
    const params = { path: { patient_id: this.patientId } };
    return this.run(async () => {
      this.present = await told(api.POST("/api/patients/{patient_id}/destinations/answers", { params, body }));
    });
  }
}
