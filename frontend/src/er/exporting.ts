/** Taking a patient's run out: where it is asked for, and how it comes, piece by piece. */

import type { Problem } from "../client/api";
import { refusalWords } from "../i18n/refusals";

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

/** The name under which a file is kept, as the service gives it. */
export function nameOf(disposition: string | null, form: Form): string {
  return /filename="([\w.-]{1,100})"/.exec(disposition ?? "")?.[1] ?? `run-${form}`;
}

/** What came, or why it did not, in words. */
export type Taken = { name: string; file: Blob } | { refused: string };

/** Fetch an export; `told` hears how many bytes have come. There is no limit of time: a long run is made while it is sent. */
export async function take(asked: Asked, told: (bytes: number) => void, unanswered: string): Promise<Taken> {
  try {
    const answer = await fetch(address(asked), { headers: { accept: "*/*" } });
    if (!answer.ok || answer.body === null) {
      const problem = (await answer.json().catch(() => null)) as Problem | null;
      return { refused: refusalWords(problem?.code ?? "", answer.status) };
    }
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    const reader = answer.body.getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      parts.push(piece.value);
      bytes += piece.value.length;
      told(bytes);
    }
    const type = answer.headers.get("content-type") ?? "";
    return { name: nameOf(answer.headers.get("content-disposition"), asked.form), file: new Blob(parts, { type }) };
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    return { refused: unanswered };
  }
}

/** Let the browser keep a file. */
export function keep({ name, file }: { name: string; file: Blob }): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
