/** What is typed of a patient on board, what it still lacks, and what is sent. Pure. */

import type { Schemas } from "../client/api";
import type { Act } from "./outbox.svelte";
import { idFault, idPlain, idTold, type IdFault } from "./idNumber";

export type Sex = Schemas["Sex"];
export type Outcome = Schemas["PatientOutcome"];
/** What a crew can say on the spot; that somebody was brought follows from the hospital that was chosen. */
export const OUTCOMES = [
  "transported",
  "refused",
  "treated_left",
  "dead_on_scene",
  "resuscitation_stopped",
  "not_found",
] as const satisfies readonly Outcome[];
export const SEXES = ["male", "female", "unknown"] as const satisfies readonly Sex[];
const OLDEST_YEARS = 130;

/** Whether of all who were found, known or waiting on this phone, nobody is to be taken anywhere; of nobody: false. */
export function staysOf(known: readonly Schemas["PatientRow"][], waiting: readonly Act[]): boolean {
  const outcomes = new Map<string, Outcome | null>();
  for (const { id, outcome, state } of known) if (state !== "merged") outcomes.set(id, outcome);
  for (const [place, act] of waiting.entries()) {
    if (act.kind === "patient") outcomes.set(`waiting ${String(place)}`, act.outcome?.outcome ?? null);
    else if (act.kind === "outcome") outcomes.set(act.patient, act.outcome.outcome);
  }
  return outcomes.size > 0 && [...outcomes.values()].every((one) => one !== null && one !== "transported");
}

export interface PersonForm {
  name: string;
  idNumber: string;
  sex: Sex;
  age: string;
  outcome: Outcome | null;
  proof: Schemas["Proof"] | null;
  witness: string;
  reason: string;
}

export const EMPTY: PersonForm = {
  name: "",
  idNumber: "",
  sex: "unknown",
  age: "",
  outcome: null,
  proof: null,
  witness: "",
  reason: "",
};

export type Need = IdFault | "age" | "proof" | "witness" | "destination" | "reason";

/** What is wrong or lacking; null: nothing. `hadOutcome`: another was told before; `destination`: where the vehicle goes. */
export function needOf(form: PersonForm, now: number, hadOutcome: boolean, destination: string | null): Need | null {
  const fault = form.idNumber.trim() === "" ? null : idFault(form.idNumber, now);
  if (fault !== null) return fault;
  if (ageOf(form) === undefined) return "age";
  if (form.outcome === null) return null;
  if (form.outcome === "transported" && destination === null) return "destination";
  if (form.outcome === "refused" && form.proof === null) return "proof";
  if (form.outcome === "refused" && form.proof === "witness" && form.witness.trim() === "") return "witness";
  return hadOutcome && form.reason.trim() === "" ? "reason" : null;
}

/** A number without a fault fills in the sex and age that it tells. */
export function withIdNumber(form: PersonForm, idNumber: string, now: number): PersonForm {
  if (idFault(idNumber, now) !== null) return { ...form, idNumber };
  const { sex, ageYears } = idTold(idNumber, now);
  return { ...form, idNumber, sex, age: String(ageYears) };
}

/** Whole years; null: not known; undefined: no age at all. */
export function ageOf({ age }: PersonForm): number | null | undefined {
  const text = age.trim();
  if (text === "") return null;
  return /^\d{1,3}$/.test(text) && Number(text) <= OLDEST_YEARS ? Number(text) : undefined;
}

export interface Named {
  name: string;
  id_number: string;
  sex: Sex;
  age_years: number | null;
}

export function namedOf(form: PersonForm): Named {
  return { name: form.name.trim(), id_number: idPlain(form.idNumber), sex: form.sex, age_years: ageOf(form) ?? null };
}

/** Whether anything was said of who it is. */
export function saysWho(form: PersonForm, row: Schemas["PatientRow"] | null): boolean {
  const { name, id_number, sex, age_years } = namedOf(form);
  const isNew = name !== "" || id_number !== "";
  return isNew || sex !== (row?.sex ?? "unknown") || age_years !== (row?.age_years ?? null);
}

export function outcomeOf(form: PersonForm, destination: string | null): Schemas["OutcomeIn"] | null {
  const { outcome, proof } = form;
  if (outcome === null) return null;
  if (outcome === "transported") return { outcome, destination_id: destination };
  if (outcome !== "refused") return { outcome };
  return proof === "witness" ? { outcome, proof, witness: form.witness.trim() } : { outcome, proof };
}
