/** What an incident is told once it is open. Each is an errand: told in order, and again until an answer comes. */

import { api, Refusal, told, type Schemas } from "../client/api";
import type { Assessment } from "../cards/assessing.svelte";
import type { Answer } from "../cards/answers";
import type { PatientRow } from "../incidents/patientForm";
import { live } from "../live/store.svelte";
import type { DraftBody } from "./draft";
import { incidentOf } from "./opening";
import type { Sending } from "./sending.svelte";

/** The question of every card that asks how old the patient is. */
export const AGE = "i";

type Sex = Schemas["Sex"];
type Changes = Readonly<Record<string, Answer | null>>;

export class Telling {
  readonly #incidentId: string;
  readonly #sending: Sending;
  #untold: Changes = {};
  #recording = false;
  readonly #patientKey = crypto.randomUUID();
  #patient: Pick<PatientRow, "id" | "version"> | null;

  /** `patient`: the one who is recorded already; null: none. */
  constructor(incidentId: string, sending: Sending, patient: Pick<PatientRow, "id" | "version"> | null = null) {
    this.#patient = patient;
    this.#incidentId = incidentId;
    this.#sending = sending;
  }

  /** Answers given, or taken back (null). What is not told yet goes along. */
  answers(card: string, change: Changes, hear: (assessment: Assessment) => void): void {
    this.#untold = { ...this.#untold, ...change };
    const answers = this.#untold;
    const path = { incident_id: this.#incidentId };
    this.#sending.add({
      name: "answers",
      act: async () => {
        const body = { card, answers: { ...answers } };
        const out = await told(api.PUT("/api/incidents/{incident_id}/answers", { params: { path }, body }));
        if (this.#untold === answers) this.#untold = {};
        if (out.assessment !== null) hear(out.assessment);
      },
    });
  }

  place(typed: DraftBody): void {
    const { place } = incidentOf(typed, null, null, "");
    const path = { incident_id: this.#incidentId };
    this.#sending.add({
      name: "place",
      act: async () => {
        const version = live.incidents.get(this.#incidentId)?.version ?? 1;
        const body = { version, place: place ?? null };
        live.incidents.merge([await told(api.PATCH("/api/incidents/{incident_id}", { params: { path }, body }))]);
      },
    });
  }

  note(text: string): void {
    const params = { path: { incident_id: this.#incidentId }, header: { "idempotency-key": crypto.randomUUID() } };
    this.#sending.add({
      name: "",
      act: async () => {
        await told(api.POST("/api/incidents/{incident_id}/notes", { params, body: { text } }));
      },
    });
  }

  /** How many people are concerned, as soon as somebody has said. */
  people(typed: DraftBody): void {
    const { people } = typed;
    if (people === null) return;
    const path = { incident_id: this.#incidentId };
    this.#sending.add({
      name: "people",
      act: async () => {
        const version = live.incidents.get(this.#incidentId)?.version ?? 1;
        const body = { version, people };
        live.incidents.merge([await told(api.PATCH("/api/incidents/{incident_id}", { params: { path }, body }))]);
      },
    });
  }

  /** The patient, as far as age and sex are known: recorded once, then corrected. */
  patient(typed: DraftBody): void {
    const age_years = typeof typed.answers[AGE] === "number" ? Math.floor(typed.answers[AGE]) : null;
    const sex = typed.patients[0]?.sex ?? "unknown";
    if (this.#patient === null && !this.#recording && age_years === null && sex === "unknown") return;
    this.#recording = true;
    this.#sending.add({ name: "patient", act: () => this.#describe({ sex, age_years }) });
  }

  async #describe(known: { sex: Sex; age_years: number | null }): Promise<void> {
    if (this.#patient === null) {
      const header = { "idempotency-key": this.#patientKey };
      const params = { path: { incident_id: this.#incidentId }, header };
      this.#patient = await told(api.POST("/api/incidents/{incident_id}/patients", { params, body: known }));
      return;
    }
    const { id: patient_id, version } = this.#patient;
    const body = { version, ...known };
    try {
      this.#patient = await told(api.PATCH("/api/patients/{patient_id}", { params: { path: { patient_id } }, body }));
    } catch (error) {
      // Somebody else has described him meanwhile: it is said, and what is told next counts.
      const { current } = (error instanceof Refusal ? error.problem : {}) as { current?: { version?: number } };
      if (current?.version !== undefined) this.#patient = { id: patient_id, version: current.version };
      throw error;
    }
  }
}

/** Tell the call what is known of its caller; return what it did not take, as a note. Raises NoAnswer. */
export async function tellCaller(call_id: string, typed: DraftBody): Promise<string> {
  const [phone, caller] = [typed.phone.trim(), typed.caller.trim()];
  if (phone === "" && caller === "") return "";
  const body = { phone, caller, language: typed.language };
  try {
    await told(api.PATCH("/api/calls/{call_id}", { params: { path: { call_id } }, body }));
    return "";
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return `☎ ${phone} ${caller}`;
  }
}
