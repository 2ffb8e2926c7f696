/** What a request's form asks of the patient, and with what it begins. */

import type { Mode } from "./form";

export type Sex = "male" | "female" | "unstated" | "unknown";

export interface DraftFields {
  mode: Mode | null;
  hospitalId: string | null;
  incidentId: string | null;
  patientId: string | null;
  sex: Sex;
  ageYears: number | null;
  weightKg: number | null;
  heightCm: number | null;
  pregnant: boolean | null;
  ward: string | null;
  indication: string | null;
  support: readonly string[];
  name: string;
  contact: string;
  phone: string;
  note: string;
}

export const EMPTY: DraftFields = {
  mode: null,
  hospitalId: null,
  incidentId: null,
  patientId: null,
  sex: "unknown",
  ageYears: null,
  weightKg: null,
  heightCm: null,
  pregnant: null,
  ward: null,
  indication: null,
  support: [],
  name: "",
  contact: "",
  phone: "",
  note: "",
};
