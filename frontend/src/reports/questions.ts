/** What the page asks the service for; types come from its document. */

import { api, told, type Schemas } from "../client/api";
import { courseOf, partOf, spanOf, whereOf, type Asked, type Span } from "./asked";
import type { Pair } from "./compared";
import { toldGeo } from "../map/geojson";
import { drawnOf, sitingMinutes, type Covered } from "./coverage/covering";
import type { Definition } from "./telling";

export interface Shown {
  asked: Asked;
  span: Span;
  figures: Schemas["ReportOut"];
  /** The figure that is looked at closely, by all strata. */
  close: Schemas["ReportOut"];
  league: Schemas["ReportOut"];
  trend: Schemas["CourseOut"];
  heat: Schemas["HeatOut"];
  bins: Schemas["DistributionOut"] | null;
  rows: Schemas["RowsOut"];
}

export interface Compared {
  asked: Asked;
  answer: Schemas["CompareOut"];
}

export interface Behind {
  asked: Asked;
  span: Span;
  rows: Schemas["RowsOut"];
}

export interface Card {
  kpi: string;
  /** Of this stratum only: name and key. */
  only?: readonly [string, string];
}

/** As the drawing has them, and in its order. */
export const CARDS: readonly Card[] = [
  { kpi: "answer" },
  { kpi: "departure" },
  { kpi: "response" },
  { kpi: "response", only: ["ground", "rural"] },
  // The headline of P1: the clock stops for who can do what is needed.
  { kpi: "response_capable", only: ["priority", "P1"] },
  { kpi: "no_unit" },
  { kpi: "fulfilment" },
  { kpi: "rescue_success" },
];
/** What stands beside a figure, so that nothing hides behind where its clock starts. */
export const BESIDE: Readonly<Record<string, string>> = {
  departure: "answer_to_wheels",
  response: "response_answered",
};
/** By what a figure is split on the page and on its way out. */
export const SPLIT = ["ground", "area_system", "same_area", "priority", "station"] as const;
const CLOSE = [...SPLIT, "hour", "county"];
/** By what two periods are split side by side. */
export const COMPARED = ["ground", "area_system", "same_area", "priority", "county"] as const;
const SLOWEST = 12;
export const BEHIND = 100;

/** Strata with the one that is chosen among them. */
export function withSplit(strata: readonly string[], { split }: Asked): string[] {
  return split === "" || strata.includes(split) ? [...strata] : [...strata, split];
}

export async function askFigures(asked: Asked, span: Span, versions: readonly Definition[]): Promise<Shown> {
  const definition = versions.findLast((one) => one.id === asked.kpi);
  // As the figure itself: by one definition.
  const part = partOf(versions, asked.kpi, span);
  const where = whereOf(asked);
  const period = { from: span.begins, until: span.until, where };
  const { begins, until, step, measure } = courseOf(asked, span, definition);
  const { targets, kpi } = asked;
  const cards = [...new Set([...CARDS.map((one) => one.kpi), ...Object.values(BESIDE)])];
  const figures = async (kpis: string[], by: string[]): Promise<Schemas["ReportOut"]> =>
    told(api.GET("/api/reports/figures", { params: { query: { ...period, targets, kpi: kpis, by } } }));
  const [all, close, league, trend, heat, bins, rows] = await Promise.all([
    figures(cards, ["ground", "priority"]),
    figures([kpi], withSplit(CLOSE, asked)),
    figures(["departure"], ["station"]),
    told(
      api.GET("/api/reports/trend", {
        params: { query: { from: begins, until, where, kpi, step, measure } },
      }),
    ),
    told(api.GET("/api/reports/heat", { params: { query: { ...period, kpi } } })),
    definition?.kind === "interval"
      ? told(api.GET("/api/reports/distribution", { params: { query: { ...period, kpi } } }))
      : null,
    told(
      api.GET("/api/reports/rows", {
        params: { query: { from: part.begins, until: part.until, where, kpi, limit: SLOWEST } },
      }),
    ),
  ]);
  return { asked, span, figures: all, close, league, trend, heat, bins, rows };
}

export async function askQuality(span: Span): Promise<Schemas["QualityOut"]> {
  return told(api.GET("/api/reports/quality", { params: { query: { from: span.begins, until: span.until } } }));
}

export async function askUnion(span: Span): Promise<Schemas["UnionOut"]> {
  return told(api.GET("/api/reports/union", { params: { query: { from: span.begins, until: span.until } } }));
}

/** Coverage of now; incidents of the period. Where nobody's dwelling is known, no station is proposed. */
export async function askCoverage(asked: Asked, span: Span): Promise<Covered> {
  const capability = asked.able === "" ? {} : { capability: asked.able };
  const searched = { basis: asked.basis, ...capability, ...(asked.hour === "" ? {} : { hour: Number(asked.hour) }) };
  const period = { from: span.begins, until: span.until };
  const [table, hours, map] = await Promise.all([
    told(api.GET("/api/reports/coverage", { params: { query: { ...searched, ...period } } })),
    told(api.GET("/api/reports/coverage/hours", { params: { query: period } })),
    toldGeo<"CoverageMapOut">(api.GET("/api/reports/coverage/map", { params: { query: searched } })),
  ]);
  const count = table.people === null ? 0 : Number(asked.further);
  const minutes = sitingMinutes(table.limits, asked.limit);
  const query = { minutes, count, ...capability };
  const siting = count === 0 ? null : await told(api.GET("/api/reports/coverage/siting", { params: { query } }));
  return { asked, table, hours, drawn: drawnOf(map), siting };
}

export async function askCompared(asked: Asked, pair: NonNullable<Pair>): Promise<Compared> {
  const query = {
    from: pair.span.begins,
    until: pair.span.until,
    where: whereOf(asked),
    kpi: [...new Set([...CARDS.map((one) => one.kpi), asked.kpi])],
    by: withSplit(COMPARED, asked),
    ...("at" in pair ? { at: pair.at } : { before_from: pair.before.begins, before_until: pair.before.until }),
  };
  return { asked, answer: await told(api.GET("/api/reports/compare", { params: { query } })) };
}

/** The rows behind the number that is open. */
export async function askBehind(
  asked: Asked,
  now: number,
  offset: number,
  versions: readonly Definition[],
): Promise<Behind> {
  const whole = spanOf(asked, now);
  const ofFigure = asked.fault === "" && asked.gain === "";
  const span = withinOf(asked) ?? (ofFigure ? partOf(versions, asked.of, whole) : whole);
  const period = { from: span.begins, until: span.until, limit: BEHIND, offset };
  const at = asked.at === "" ? [] : asked.at.split(",");
  if (asked.fault !== "") {
    const station = at.find((one) => one.startsWith("station:"))?.slice("station:".length);
    const who = at.find((one) => one.startsWith("classed_by:"))?.slice("classed_by:".length);
    const query = {
      ...period,
      code: asked.fault,
      ...(station === undefined ? {} : { station }),
      ...(who === undefined ? {} : { classed_by: who }),
    };
    return { asked, span, rows: await told(api.GET("/api/reports/quality/rows", { params: { query } })) };
  }
  if (asked.gain !== "") {
    // Groups are called by their strata in the address.
    const [stratum = "", key = ""] = (at[0] ?? "").split(/:(.*)/);
    const group = stratum === "county" ? "area" : stratum === "organisation" ? stratum : "all";
    const query = { ...period, which: asked.gain, group, key } as const;
    return { asked, span, rows: await told(api.GET("/api/reports/union/rows", { params: { query } })) };
  }
  const [from = "", until = ""] = asked.took.split(/(?<=\d)-/);
  const query = {
    ...period,
    kpi: asked.of,
    which: asked.rows === "" ? ("all" as const) : asked.rows,
    where: [...whereOf(asked), ...at],
    ...(from === "" ? {} : { from_s: Number(from) }),
    ...(until === "" ? {} : { until_s: Number(until) }),
    // Both sides of a comparison are told by today's definition, and so are the rows behind them.
    ...(asked.tab === "compare" ? { today: true } : {}),
  };
  return { asked, span, rows: await told(api.GET("/api/reports/rows", { params: { query } })) };
}

function withinOf(asked: Asked): Span | null {
  const [begins = "", until = ""] = asked.within.split("/");
  return until === "" ? null : { begins, until };
}
