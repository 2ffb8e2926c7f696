/** Where what is shown is taken out as a file. */

import type { Reason } from "../er/exporting";
import { courseOf, spanOf, whereOf, type Asked, type Tab } from "./asked";
import { pairOf } from "./compared";
import { COMPARED, withSplit } from "./questions";
import type { Definition } from "./telling";

export const FORMS = ["csv", "xlsx", "parquet", "json", "pdf"] as const;
export type Form = (typeof FORMS)[number] | "geojson";
/** Records behind the figures, one row each. */
export const RECORDS = ["incidents", "runs", "patients", "nemsis", "ws542"] as const;
/** What the page shows beside the figures: tables, the same numbers. */
export const SHOWN = ["trend", "heat", "compare", "quality", "union"] as const;
/** Who is covered: by county, by hour, and where a station would help. */
export const COVERS = ["coverage", "coverage_hours", "coverage_siting"] as const;
export type View = "figures" | (typeof COVERS)[number] | (typeof RECORDS)[number] | (typeof SHOWN)[number];
export type Zone = "beijing" | "xinjiang";

export interface Way {
  view: View;
  language: string;
  zone: Zone;
  /** Excel takes a table without the mark for another encoding. */
  bom: boolean;
  /** With patient data, and why; null: without. */
  reason: Reason | null;
  /** Within how many minutes a further station is to reach people. */
  minutes?: number;
  /** The figure that is looked at closely. */
  figure: Definition | undefined;
}

/** What can be taken out of a part of the page: what it shows first. */
export function viewsOf(tab: Tab): readonly View[] {
  switch (tab) {
    case "figures":
      return ["figures", "trend", "heat", ...RECORDS];
    case "coverage":
      return COVERS;
    case "compare":
    case "quality":
    case "union":
      return [tab];
    default:
      return [];
  }
}

/** Records come as tables only; coverage as a map too. */
export function formsOf(view: View): readonly Form[] {
  if (view === "coverage") return ["geojson", ...FORMS];
  return RECORDS.some((one) => one === view) ? FORMS.filter((one) => one !== "pdf") : FORMS;
}

/** The address of the file. now: milliseconds, the service's. strata: by what figures are split. */
export function exportOf(asked: Asked, now: number, form: Form, way: Way, strata: readonly string[]): string {
  const shown = SHOWN.find((one) => one === way.view);
  const pair = shown === "compare" ? pairOf(asked, now) : null;
  const course = courseOf(asked, spanOf(asked, now), way.figure);
  const whole = shown === "trend" ? course : spanOf(asked, now);
  const span = pair !== null && "at" in pair ? { begins: pair.at, until: pair.span.until } : whole;
  const query = new URLSearchParams({ format: form, from: span.begins, until: span.until, language: way.language });
  query.set("zone", way.zone);
  if (shown === undefined) query.set("view", way.view);
  if (way.view === "figures") query.set("targets", asked.targets);
  if (way.view === "figures" || shown !== undefined) for (const one of whereOf(asked)) query.append("where", one);
  if (way.view === "figures") for (const one of withSplit(strata, asked)) query.append("by", one);
  if (shown === "trend" || shown === "heat") query.set("kpi", asked.kpi);
  if (shown === "trend") query.set("step", course.step);
  if (shown === "trend") query.set("measure", course.measure);
  if (pair !== null) {
    for (const one of withSplit(COMPARED, asked)) query.append("by", one);
    const before = "at" in pair ? { begins: pair.span.begins, until: pair.at } : pair.before;
    query.set("before_from", before.begins);
    query.set("before_until", before.until);
  }
  if (COVERS.some((one) => one === way.view)) {
    query.set("basis", asked.basis);
    if (asked.hour !== "") query.set("hour", asked.hour);
    if (asked.able !== "") query.set("capability", asked.able);
    if (way.view === "coverage_siting" && way.minutes !== undefined) query.set("minutes", String(way.minutes));
    if (way.view === "coverage_siting" && asked.further !== "0") query.set("count", asked.further);
  }
  if (form === "csv" && way.bom) query.set("bom", "true");
  if (way.reason !== null && RECORDS.some((one) => one === way.view)) {
    query.set("patient_data", "true");
    query.set("reason", way.reason);
  }
  return `/api/reports/${shown === undefined ? "export" : `shown/${shown}`}?${query.toString()}`;
}
