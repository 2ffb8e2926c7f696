/** What an incident is told once it is open. Each is an errand: told in order, and again until an answer comes. */

import { api, Refusal, told } from "../client/api";
import type { Assessment } from "../cards/assessing.svelte";
import type { Answer } from "../cards/answers";
import { live } from "../live/store.svelte";
import type { DraftBody } from "./draft";
import { incidentOf } from "./opening";
import type { Sending } from "./sending.svelte";

type Changes = Readonly<Record<string, Answer | null>>;

export class Telling {
  readonly #incidentId: string;
  readonly #sending: Sending;
  #untold: Changes = {};

  constructor(incidentId: string, sending: Sending) {
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

  /** The patient, as far as age and sex are known. */
  patient(typed: DraftBody): void {
    const age = typeof typed.answers.i === "number" ? Math.floor(typed.answers.i) : null;
    const sex = typed.patients[0]?.sex ?? "unknown";
    if (age === null && sex === "unknown") return;
    const params = { path: { incident_id: this.#incidentId }, header: { "idempotency-key": crypto.randomUUID() } };
    this.#sending.add({
      name: "",
      act: async () => {
        await told(api.POST("/api/incidents/{incident_id}/patients", { params, body: { sex, age_years: age } }));
      },
    });
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
