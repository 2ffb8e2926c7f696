/** What the keys of strata are called on the screen. */

import { i18n } from "../i18n/index.svelte";
import { complaints } from "../incidents/complaints.svelte";
import { reports } from "./reports.svelte";

/** A schematic region says so of every border; on a chart that is only noise. */
const APART = /\s*[((][^()()]*[))]\s*$/;

export function stationName(key: string): string {
  const found = reports.stations.get(key);
  if (found === undefined) return key || i18n.t.reports.noStation;
  return i18n.name({ zh: found.name_zh, en: found.name_en, ug: found.name_ug });
}

export function countyName(key: string): string {
  const found = reports.counties.get(key);
  if (found === undefined) return key || i18n.t.reports.unknown;
  return i18n.name(found.names).replace(APART, "");
}

/** Of a stratum's key, without the stratum's own name. */
export function keyName(stratum: string, key: string): string {
  const { t } = i18n;
  if (stratum === "station") return stationName(key);
  if (stratum === "county") return countyName(key);
  if (stratum === "classed_by")
    return reports.quality.value?.people[key] ?? (key === "" ? t.reports.byRule : t.reports.byPerson);
  if (key === "") return t.reports.unknown;
  if (stratum === "complaint") return `${key} ${complaints.name(key)}`.trimEnd();
  if (stratum === "hour") return `${key}:00`;
  if (stratum === "weekday") return t.reports.weekdays[Number(key) - 1] ?? key;
  const known: Readonly<Record<string, string>> = t.reports.keys;
  return known[key] ?? key;
}

export function stratumName(stratum: string): string {
  const known: Readonly<Record<string, string>> = { ...i18n.t.reports.strata, classed_by: i18n.t.reports.classedBy };
  return known[stratum] ?? stratum;
}

/** "ground:rural,hour:08" in words. */
export function whereName(where: readonly string[]): string {
  return where
    .map((one) => {
      const [stratum = "", key = ""] = one.split(/:(.*)/);
      return stratum === "priority" ? key : `${stratumName(stratum)} ${keyName(stratum, key)}`;
    })
    .join(" · ");
}

/** What a chart says that has nothing: where others have, nothing of that kind came to be. */
export function nothingTold(): string {
  const { asked, figures } = reports;
  const t = i18n.t.reports;
  if (asked.tab !== "figures" || figures.value === null || figures.value.figures.empty) return t.empty;
  return figures.value.close.kpis.at(-1)?.figures[0]?.eligible === 0 ? t.noneOfKind : t.empty;
}
