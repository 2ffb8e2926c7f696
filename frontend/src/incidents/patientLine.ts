/** A patient in a few words: number, sex, age, and what came of him. */

import { i18n } from "../i18n/index.svelte";
import type { PatientRow } from "./patientForm";

export function patientLine(row: PatientRow): string {
  const { acts: t } = i18n.t;
  const told = [
    row.sex === "unknown" ? "" : t.sexes[row.sex],
    row.age_years === null ? "" : t.years(String(row.age_years)),
  ].filter((part) => part !== "");
  return `${row.ordinal} ${told.join(" ")} · ${row.outcome === null ? t.open : t.outcomes[row.outcome]}`;
}
