/** Taking a patient's run out: where it is asked for, and how it comes, piece by piece. */

import { fetched, type Taken } from "../client/files";

export const FORMS = ["pdf", "ecg", "fhir", "aecg", "wfdb"] as const;
export type Form = (typeof FORMS)[number];
export const REASONS = ["care", "archive", "quality", "patient", "law"] as const;
export type Reason = (typeof REASONS)[number];

/** So much of an ECG stands on one page; milliseconds. */
export const STRIP_MS = 10_000;

export interface Asked {
  patientId: string;
  form: Form;
  reason: Reason;
  language: string;
  /** From when on the ECG is printed; of other forms all is taken. */
  stripMs: number;
}

export function address({ patientId, form, reason, language, stripMs }: Asked): string {
  const query = new URLSearchParams({ reason });
  if (form === "pdf" || form === "ecg") query.set("language", language);
  if (form === "ecg") {
    query.set("from", new Date(stripMs).toISOString());
    query.set("until", new Date(stripMs + STRIP_MS).toISOString());
  }
  return `/api/patients/${patientId}/export/${form}?${query.toString()}`;
}

/** Fetch an export; `told` hears how many bytes have come. */
export function take(asked: Asked, told: (bytes: number) => void, unanswered: string): Promise<Taken> {
  return fetched(address(asked), `run-${asked.form}`, told, unanswered);
}
