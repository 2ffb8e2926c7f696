/** Where what is shown is taken out as a file. */

import type { Reason } from "../er/exporting";
import { whereOf, type Asked, type Span, type Tab } from "./asked";

export const FORMS = ["csv", "xlsx", "parquet", "json", "pdf"] as const;
export type Form = (typeof FORMS)[number];
/** Records behind the figures, one row each. */
export const RECORDS = ["incidents", "runs", "patients", "nemsis", "ws542"] as const;
export type View = "figures" | (typeof RECORDS)[number];
export type Zone = "beijing" | "xinjiang";

export interface Way {
  view: View;
  language: string;
  zone: Zone;
  /** Excel takes a table without the mark for another encoding. */
  bom: boolean;
  /** With patient data, and why; null: without. */
  reason: Reason | null;
}

/** What can be taken out of a part of the page: what it shows first. */
export function viewsOf(tab: Tab): readonly View[] {
  return tab === "figures" ? ["figures", ...RECORDS] : [];
}

/** Records come as tables only. */
export function formsOf(view: View): readonly Form[] {
  return view === "figures" ? FORMS : FORMS.filter((one) => one !== "pdf");
}

/** The address of the file. strata: by what figures are split. */
export function exportOf(asked: Asked, span: Span, form: Form, way: Way, strata: readonly string[]): string {
  const query = new URLSearchParams({
    view: way.view,
    format: form,
    from: span.begins,
    until: span.until,
    language: way.language,
    zone: way.zone,
  });
  if (way.view === "figures") {
    query.set("targets", asked.targets);
    for (const one of whereOf(asked)) query.append("where", one);
    for (const one of strata) query.append("by", one);
  }
  if (form === "csv" && way.bom) query.set("bom", "true");
  if (way.reason !== null && way.view !== "figures") {
    query.set("patient_data", "true");
    query.set("reason", way.reason);
  }
  return `/api/reports/export?${query.toString()}`;
}
