/** How figures are told: which number stands first, against which target, and how a chart is divided. */

import type { Schemas } from "../client/api";
import { elapsed, MISSING } from "../format/time";

export type Kpi = Schemas["KpiOut"];
export type Figure = Schemas["Figure"];
export type Definition = Schemas["Definition"];
export type Stat = "share" | "mean" | "p50" | "p90";

export interface Headline {
  /** Of which stratum it is; empty: of all. */
  where: [string, string][];
  figure: Figure | undefined;
  stat: Stat;
  value: number | null;
  /** The bound beside it, and on which side is good; null: this set has no target for it. */
  target: { bound: number; atLeast: boolean; met: boolean | null } | null;
}

/** 9:48; a negative one is too early. */
export function seconds(value: number | null | undefined): string {
  return value == null ? MISSING : elapsed(Math.round(value) * 1_000);
}

/** 94.2 %: cut, not rounded, so that no share is told to have reached what it has not. */
export function share(value: number | null | undefined): string {
  if (value == null) return MISSING;
  const tenths = Math.floor(value * 1_000 + 1e-9);
  return `${Math.floor(tenths / 10)}.${tenths % 10} %`;
}

/** A bound as it is written: 95 %, 99.5 %, 2:30. */
export function bound(stat: Stat, value: number): string {
  return told(stat, value).replace(".0 %", " %");
}

/** Read from left to right wherever it stands: its sign is never mirrored. */
export function isolated(text: string): string {
  return `\u2066${text}\u2069`;
}

export function told(stat: Stat, value: number | null | undefined): string {
  return stat === "share" ? share(value) : seconds(value);
}

/** All together: the first figure of a part. */
export function whole(kpi: Kpi): Figure | undefined {
  return kpi.figures.find((one) => one.stratum === "all");
}

export function valueOf(figure: Figure, stat: Stat): number | null {
  if (figure.suppressed) return null;
  switch (stat) {
    case "share":
      return figure.share;
    case "mean":
      return figure.mean_s;
    case "p50":
      return figure.p50_s;
    case "p90":
      return figure.p90_s;
  }
}

/**
 * What stands first of a figure: what the chosen targets ask of it, else its share, else its median. Where they ask
 * something of a stratum only, it is that stratum's; what they ask of a ground stands on that ground's own card. only: of
 * this stratum only; of a ground its mean without a target.
 */
export function headline(kpi: Kpi, kind: Definition["kind"], only?: readonly [string, string]): Headline {
  const asks = (one: Kpi["targets"][number]): [string, string][] => Object.entries(one.where as Record<string, string>);
  const target =
    only === undefined
      ? (kpi.targets.find((one) => asks(one).length === 0) ?? kpi.targets.find((one) => one.where.ground === undefined))
      : kpi.targets.find((one) => asks(one).some(([name, key]) => name === only[0] && key === only[1]));
  if (target !== undefined) {
    const where = asks(target);
    const atLeast = target.at_least !== null;
    const bound = target.at_least ?? target.at_most ?? 0;
    const figure = figureOf(kpi, where);
    return { stat: target.stat, value: target.value, target: { bound, atLeast, met: target.met }, where, figure };
  }
  const where: [string, string][] = only === undefined ? [] : [[...only]];
  const figure = figureOf(kpi, where);
  const judged = kind === "share" || (figure?.within_s ?? null) !== null;
  const stat: Stat = judged ? "share" : only?.[0] === "ground" ? "mean" : "p50";
  return { stat, value: figure === undefined ? null : valueOf(figure, stat), target: null, where, figure };
}

/** The figure of a stratum, where it was asked for; without one, of all. */
function figureOf(kpi: Kpi, where: [string, string][]): Figure | undefined {
  const [only, ...more] = where;
  if (only === undefined) return whole(kpi);
  if (more.length > 0) return undefined;
  return kpi.figures.find((one) => one.stratum === only[0] && one.key === only[1]);
}

/** Shares of what should not happen: the more, the worse. */
const UNWANTED: ReadonlySet<string> = new Set(["no_unit", "abandoned", "abandoned_early", "cancelled_before_order"]);

/** Where a value stands among all, sorted: 0 the best, 1 the worst; where they do not differ none is bad. */
export function badness(values: readonly number[], value: number, kpi: string, stat: Stat): number {
  if (values.length < 2 || values[0] === values.at(-1)) return 0;
  const place = values.indexOf(value) / (values.length - 1);
  return stat === "share" && !UNWANTED.has(kpi) ? 1 - place : place;
}

/** Where on a bar of 0 to 1 a value stands; the bar ends a third past the greater of value and bound. */
export function onBar(stat: Stat, value: number | null, bound: number | null): { value: number; bound: number | null } {
  const end = stat === "share" ? 1 : Math.max(value ?? 0, bound ?? 0) * 1.33 || 1;
  const place = (one: number): number => Math.min(1, Math.max(0, one / end));
  return { value: place(value ?? 0), bound: bound === null ? null : place(bound) };
}

/** Steps of an axis from 0 to at least `most`: four to seven of them, each 1, 2 or 5 times a power of ten. */
export function steps(most: number): number[] {
  const rough = Math.max(most, 1e-9) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  const count = Math.ceil(most / size - 1e-9);
  return Array.from({ length: count + 1 }, (_, at) => at * size);
}
