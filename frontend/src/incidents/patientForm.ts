/** What is typed of a patient, what it still lacks, and what is sent. Pure; the service decides in the end. */

import type { Schemas } from "../client/api";

export type Sex = Schemas["Sex"];
export type Outcome = Schemas["PatientOutcome"];
export type Proof = Schemas["Proof"];
export type PatientRow = Schemas["PatientRow"];

export const OUTCOMES = [
  "transported",
  "treated_left",
  "refused",
  "dead_on_scene",
  "resuscitation_stopped",
  "not_found",
  "handed_on",
] as const satisfies readonly Outcome[];
export const SEXES = ["male", "female", "unstated", "unknown"] as const satisfies readonly Sex[];
/** A destination that is no hospital of the region. */
export const ELSEWHERE = "elsewhere";
const OLDEST_YEARS = 130;

export interface PatientForm {
  name: string;
  sex: Sex;
  age: string;
  outcome: Outcome | null;
  /** A hospital's key, ELSEWHERE, or "" while none is chosen. */
  destination: string;
  destinationWords: string;
  proof: Proof | null;
  witness: string;
  handedTo: string;
  /** Why an outcome that was told before is wrong. */
  correction: string;
}

export type Need = "outcome" | "destination" | "proof" | "witness" | "handedTo" | "correction" | "age";

export const EMPTY: PatientForm = {
  name: "",
  sex: "unknown",
  age: "",
  outcome: null,
  destination: "",
  destinationWords: "",
  proof: null,
  witness: "",
  handedTo: "",
  correction: "",
};

/** Somebody known keeps his outcome until another is chosen. */
export function formOf(row: PatientRow | null): PatientForm {
  if (row === null) return EMPTY;
  return { ...EMPTY, sex: row.sex, age: row.age_years === null ? "" : String(row.age_years) };
}

/** What must still be filled in; null: nothing. `row`: the patient that is known, null for a new one. */
export function needOf(form: PatientForm, row: PatientRow | null): Need | null {
  if (ageOf(form) === undefined) return "age";
  if (form.outcome === null) return row === null ? null : "outcome";
  if (form.outcome === "transported" && form.destination === "") return "destination";
  if (form.outcome === "transported" && form.destination === ELSEWHERE && blank(form.destinationWords))
    return "destination";
  if (form.outcome === "refused" && form.proof === null) return "proof";
  if (form.outcome === "refused" && form.proof === "witness" && blank(form.witness)) return "witness";
  if (form.outcome === "handed_on" && blank(form.handedTo)) return "handedTo";
  return row !== null && row.outcome !== null && blank(form.correction) ? "correction" : null;
}

/** The outcome with what belongs to it, and nothing of another that was chosen before; null: none is chosen. */
export function outcomeOf(form: PatientForm): Schemas["OutcomeIn"] | null {
  const { outcome } = form;
  if (outcome === null) return null;
  switch (outcome) {
    case "transported":
      return form.destination === ELSEWHERE
        ? { outcome, destination_words: form.destinationWords.trim() }
        : { outcome, destination_id: form.destination };
    case "refused":
      return form.proof === "witness"
        ? { outcome, proof: form.proof, witness: form.witness.trim() }
        : { outcome, proof: form.proof };
    case "handed_on":
      return { outcome, handed_to: form.handedTo.trim() };
    default:
      return { outcome };
  }
}

/** Whole years; null: not known; undefined: no age at all. */
export function ageOf(form: PatientForm): number | null | undefined {
  const text = form.age.trim();
  if (text === "") return null;
  const years = Number(text);
  return /^\d{1,3}$/.test(text) && years <= OLDEST_YEARS ? years : undefined;
}

function blank(text: string): boolean {
  return text.trim() === "";
}
