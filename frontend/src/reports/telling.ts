/** How figures are told: which number stands first, against which target, and how a chart is divided. */

import type { Schemas } from "../client/api";
import { elapsed, MISSING } from "../format/time";

export type Kpi = Schemas["KpiOut"];
export type Figure = Schemas["Figure"];
export type Definition = Schemas["Definition"];
export type Stat = "share" | "mean" | "p50" | "p90";

export interface Headline {
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

/** What stands first of a figure: what the chosen targets ask of it, else its share, else its median. */
export function headline(kpi: Kpi, kind: Definition["kind"]): Headline {
  const target = kpi.targets.find((one) => Object.keys(one.where).length === 0) ?? kpi.targets[0];
  const figure = whole(kpi);
  if (target !== undefined) {
    const atLeast = target.at_least !== null;
    const bound = target.at_least ?? target.at_most ?? 0;
    return { stat: target.stat, value: target.value, target: { bound, atLeast, met: target.met } };
  }
  const stat: Stat = kind === "share" ? "share" : "p50";
  return { stat, value: figure === undefined ? null : valueOf(figure, stat), target: null };
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
