/** What a request's form says, in the service's words. */

import type { Schemas } from "../../client/api";
import type { DraftFields } from "./fields";
import type { Value } from "./entering";
import type { Fields } from "./typing.svelte";

const NAMES: Readonly<Record<keyof DraftFields, string>> = {
  mode: "mode",
  hospitalId: "hospital_id",
  incidentId: "incident_id",
  patientId: "patient_id",
  sex: "sex",
  ageYears: "age_years",
  weightKg: "weight_kg",
  heightCm: "height_cm",
  pregnant: "pregnant",
  ward: "ward",
  indication: "indication",
  support: "support",
  name: "name",
  contact: "contact",
  phone: "contact_phone",
  note: "indication_words",
};

type Origin = "hospital" | "emergency" | "incident";

/** The body that saves these fields. */
export function bodyOf(fields: Fields, origin: Origin): Schemas["RequestIn"] {
  const body = Object.entries(fields).map(([name, value]) => [NAMES[name as keyof DraftFields], value]);
  return { origin, ...Object.fromEntries(body) } as Schemas["RequestIn"];
}

/** The values of a form, as of now. */
export function valuesOf(values: Fields): Schemas["ValuesIn"]["values"] {
  return Object.entries(values).map(([item, value]) => ({ item, value: value as Value | null }));
}

/** What the service has of a request, as its form shows it. */
export function fieldsOf(one: Schemas["CaseOut"]): DraftFields {
  const { request, patient } = one;
  return {
    mode: request.mode,
    hospitalId: request.hospital?.id ?? null,
    incidentId: request.incident_id,
    patientId: one.patient_id,
    sex: patient.sex,
    ageYears: patient.age_years,
    weightKg: patient.weight_kg,
    heightCm: patient.height_cm,
    pregnant: patient.pregnant,
    ward: one.ward,
    indication: request.indication,
    support: one.support,
    name: patient.name,
    contact: one.contact,
    phone: one.contact_phone,
    note: one.indication_words,
  };
}
