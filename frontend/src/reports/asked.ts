/**
 * Which view of the figures is asked for. The address of the page holds it whole, so that a link shows the next person
 * the same. Days are days of Beijing.
 */

import { date, readIn } from "../format/time";

export const TABS = ["figures", "compare", "union", "coverage", "quality", "ecmo", "schedules", "definitions"] as const;
export type Tab = (typeof TABS)[number];
export const PERIODS = ["today", "yesterday", "days7", "days30", "month", "lastMonth", "own"] as const;
export type Period = (typeof PERIODS)[number];
/** Which rows behind a number. */
export const WHICH = ["all", "missed", "missing", "impossible"] as const;
export type Which = (typeof WHICH)[number];
/** Which incidents behind what the union gains. */
export const GAINS = ["counted", "sooner", "only_by_others", "nobody", "losses"] as const;
export type GainRows = (typeof GAINS)[number];
/** What a period is held against: the one just before it, what lay before a day in it, days of one's own. */
export const AGAINST = ["previous", "day", "own"] as const;
export type Against = (typeof AGAINST)[number];
/** By what else than ground, system, area and priority a figure is split. */
export const SPLITS = ["complaint", "weekday", "hour", "station", "unit_type", "organisation"] as const;
export type Split = (typeof SPLITS)[number];
export const PANES = ["hours", "heat"] as const;
export type Pane = (typeof PANES)[number];
/** From what coverage is searched: free units where they stand, or stations with a crew. */
export const BASES = ["units", "stations"] as const;
/** At which hour of the day, Beijing time; "": now. */
export const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour));
/** Only with ambulances that can do this. */
export const ABLE = ["B", "A", "E", "N", "O", "G"] as const;
export const WHOM = ["people", "incidents"] as const;
/** How many further stations are proposed. */
export const FURTHER = ["0", "3", "5", "10"] as const;
export const STEPS = ["day", "week", "month"] as const;
export type Step = (typeof STEPS)[number];
export const MEASURES = ["share", "mean", "p50", "p90"] as const;
export type Measure = (typeof MEASURES)[number];
/** What is known of a figure here. */
type Of = { kind: "interval" | "share"; within_s?: number | null };

export interface Asked {
  tab: Tab;
  period: Period;
  /** First and last day of a period of one's own, such as 2026-11-01; both are in it. */
  first: string;
  last: string;
  system: "" | "civil" | "corps";
  ground: "" | "urban" | "rural";
  priority: "" | "P1" | "P2" | "P3" | "P4";
  targets: string;
  /** Id of a county's zone. */
  county: string;
  /** The figure that is looked at closely. */
  kpi: string;
  pane: Pane;
  /** By which stratum it is split; "": by ground, system, area and priority. */
  split: "" | Split;
  /** By what periods a course is told; "": as fits the period. */
  step: "" | Step;
  /** What of a figure is drawn over time; "": its share within the bound, else its mean. */
  measure: "" | Measure;
  /** The rows behind a number are open: of a figure, of a fault of the data, or of what the union gains. */
  rows: "" | Which;
  of: string;
  fault: string;
  gain: "" | GainRows;
  /** Of which strata beside those above: "station:s-1,hour:08". */
  at: string;
  /** Of which stretch of the period, two ISO moments with a slash; "": of all of it. */
  within: string;
  /** Only those that took so many seconds: "300-600", "600-". */
  took: string;
  against: Against;
  day: string;
  otherFirst: string;
  otherLast: string;
  basis: (typeof BASES)[number];
  hour: string;
  able: "" | (typeof ABLE)[number];
  /** The limit of coverage that is looked at closely; "": the middle one. */
  limit: string;
  whom: (typeof WHOM)[number];
  further: (typeof FURTHER)[number];
}

export interface Span {
  begins: string;
  until: string;
}

export const USUAL: Asked = {
  tab: "figures",
  period: "today",
  first: "",
  last: "",
  system: "",
  ground: "",
  priority: "",
  targets: "national_2025",
  county: "",
  kpi: "response",
  pane: "hours",
  split: "",
  step: "",
  measure: "",
  rows: "",
  of: "",
  fault: "",
  gain: "",
  at: "",
  within: "",
  took: "",
  against: "previous",
  day: "",
  otherFirst: "",
  otherLast: "",
  basis: "units",
  hour: "",
  able: "",
  limit: "",
  whom: "people",
  further: "5",
};
/** No rows are open. */
export const CLOSED = {
  rows: "",
  of: "",
  fault: "",
  gain: "",
  at: "",
  within: "",
  took: "",
} as const satisfies Partial<Asked>;
const DAY_MS = 86_400_000;
const MOMENT = "\\d{4}-\\d{2}-\\d{2}T[\\d:.]+Z";
const PATTERNS = {
  fault: /^[a-z]+\.[a-z0-9_]+$/,
  at: /^[a-z_]+:[^,]*(,[a-z_]+:[^,]*)*$/,
  within: new RegExp(`^${MOMENT}/${MOMENT}$`),
  took: /^-?\d+-(-?\d+)?$/,
};
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const SYSTEMS = ["", "civil", "corps"] as const;
const GROUNDS = ["", "urban", "rural"] as const;
const PRIORITIES = ["", "P1", "P2", "P3", "P4"] as const;

function oneOf<T extends string>(given: string | null, of: readonly T[], usual: T): T {
  return of.find((one) => one === given) ?? usual;
}

/** What an address asks for; what it does not say, or says wrongly, is as usual. */
export function readAsked(search: string): Asked {
  const query = new URLSearchParams(search);
  const day = (name: string): string => {
    const told = query.get(name) ?? "";
    return DAY.test(told) && readIn(`${told}T00:00:00`, "beijing") !== null ? told : "";
  };
  const like = (name: keyof typeof PATTERNS): string => {
    const told = query.get(name) ?? "";
    return PATTERNS[name].test(told) ? told : "";
  };
  const asked: Asked = {
    tab: oneOf(query.get("tab"), TABS, USUAL.tab),
    period: oneOf(query.get("period"), PERIODS, USUAL.period),
    first: day("first"),
    last: day("last"),
    system: oneOf(query.get("system"), SYSTEMS, USUAL.system),
    ground: oneOf(query.get("ground"), GROUNDS, USUAL.ground),
    priority: oneOf(query.get("priority"), PRIORITIES, USUAL.priority),
    targets: query.get("targets") ?? USUAL.targets,
    county: query.get("county") ?? USUAL.county,
    kpi: query.get("kpi") ?? USUAL.kpi,
    pane: oneOf(query.get("pane"), PANES, USUAL.pane),
    split: oneOf(query.get("split"), ["", ...SPLITS], USUAL.split),
    step: oneOf(query.get("step"), ["", ...STEPS], USUAL.step),
    measure: oneOf(query.get("measure"), ["", ...MEASURES], USUAL.measure),
    rows: oneOf(query.get("rows"), ["", ...WHICH], USUAL.rows),
    of: query.get("of") ?? USUAL.of,
    fault: like("fault"),
    gain: oneOf(query.get("gain"), ["", ...GAINS], USUAL.gain),
    at: like("at"),
    within: like("within"),
    took: like("took"),
    against: oneOf(query.get("against"), AGAINST, USUAL.against),
    day: day("day"),
    otherFirst: day("otherFirst"),
    otherLast: day("otherLast"),
    basis: oneOf(query.get("basis"), BASES, USUAL.basis),
    hour: oneOf(query.get("hour"), ["", ...HOURS], USUAL.hour),
    able: oneOf(query.get("able"), ["", ...ABLE], USUAL.able),
    limit: query.get("limit") ?? USUAL.limit,
    whom: oneOf(query.get("whom"), WHOM, USUAL.whom),
    further: oneOf(query.get("further"), FURTHER, USUAL.further),
  };
  // What stood on the road at an hour of the day is not known, nor what a crew could do then.
  if (asked.basis === "units") asked.hour = "";
  if (asked.hour !== "") asked.able = "";
  const whole = asked.first !== "" && asked.last !== "" && asked.first <= asked.last;
  return asked.period === "own" && !whole ? { ...asked, period: USUAL.period } : asked;
}

/** The query of an address that asks for this; "" for what is usual. */
export function writeAsked(asked: Asked): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked) as [keyof Asked, string][]) {
    const isDay = name === "first" || name === "last";
    if (value !== USUAL[name] && (!isDay || asked.period === "own")) query.set(name, value);
  }
  const written = query.toString();
  return written === "" ? "" : `?${written}`;
}

/** Beginning and end of the period; the end is left out of it. now: milliseconds, the service's. */
export function spanOf(asked: Asked, now: number): Span {
  const today = start(date(now));
  const [first, end] = bounds(asked, today);
  return { begins: new Date(first).toISOString(), until: new Date(end).toISOString() };
}

/** The later part of a span over a change of a figure's definition: from when on its last version counts there. */
export function partOf(versions: readonly { id: string; from?: string | null }[], kpi: string, span: Span): Span {
  const starts = versions.flatMap((one) => (one.id === kpi && one.from ? [start(one.from)] : []));
  const last = Math.max(...starts.filter((at) => at < Date.parse(span.until)));
  return last > Date.parse(span.begins) ? { ...span, begins: new Date(last).toISOString() } : span;
}

function start(day: string): number {
  return readIn(`${day}T00:00:00`, "beijing") ?? 0;
}

function bounds(asked: Asked, today: number): [number, number] {
  const month = start(`${date(today).slice(0, 7)}-01`);
  switch (asked.period) {
    case "today":
      return [today, today + DAY_MS];
    case "yesterday":
      return [today - DAY_MS, today];
    case "days7":
      return [today - 6 * DAY_MS, today + DAY_MS];
    case "days30":
      return [today - 29 * DAY_MS, today + DAY_MS];
    case "month":
      return [month, today + DAY_MS];
    case "lastMonth":
      return [start(`${date(month - DAY_MS).slice(0, 7)}-01`), month];
    case "own":
      return [start(asked.first), start(asked.last) + DAY_MS];
  }
}

/** By what periods a course over the span is told, so that there are enough and not too many of them. */
export function stepOf(span: Span): Step {
  const days = (Date.parse(span.until) - Date.parse(span.begins)) / DAY_MS;
  if (days <= 62) return "day";
  return days <= 400 ? "week" : "month";
}

/** How many days a course goes back at least: over fewer it says nothing. */
const BACK_DAYS: Readonly<Record<"" | Step, number>> = { "": 30, day: 30, week: 182, month: 730 };

/** What of a figure can be drawn over time: a share has nothing else, and who has no bound has no share. */
export function measuresOf(of: Of | undefined): readonly Measure[] {
  if (of?.kind === "share") return ["share"];
  return MEASURES.filter((one) => one !== "share" || of?.within_s != null);
}

/** Over what, by what periods and of what number the course of a figure is told. */
export function courseOf(asked: Asked, span: Span, of: Of | undefined): Span & { step: Step; measure: Measure } {
  const days = (Date.parse(span.until) - Date.parse(span.begins)) / DAY_MS;
  const wanted = asked.step === "" ? (days < 7 ? BACK_DAYS[""] : 0) : BACK_DAYS[asked.step];
  const begins = days < wanted ? new Date(Date.parse(span.until) - wanted * DAY_MS).toISOString() : span.begins;
  const course = { begins, until: span.until };
  const measures = measuresOf(of);
  const measure = measures.find((one) => one === asked.measure) ?? measures[0] ?? "mean";
  return { ...course, step: asked.step || stepOf(course), measure };
}

/** The strata that are chosen, as the service is asked for them. */
export function whereOf(asked: Asked): string[] {
  const chosen = {
    area_system: asked.system,
    ground: asked.ground,
    priority: asked.priority,
    county: asked.county,
  };
  return Object.entries(chosen).flatMap(([name, key]) => (key === "" ? [] : [`${name}:${key}`]));
}
