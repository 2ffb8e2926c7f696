/** What is measured by hand and how it is typed. Pure. */

import type { Schemas } from "../client/api";

export type HandSignal = Schemas["HandSignalOut"];
export type Treatment = Schemas["TreatmentOut"];
export type Entry = Schemas["ChartEntryOut"];
export type Judged = "ok" | "soft" | "hard";

export const TILES = ["hr", "nibp", "spo2", "rr", "temp", "gcs", "glucose", "avpu"] as const;
export type Tile = (typeof TILES)[number];

export const SIGNALS: Readonly<Record<Tile, readonly string[]>> = {
  hr: ["heart_rate"],
  nibp: ["nibp_systolic", "nibp_diastolic"],
  spo2: ["spo2"],
  rr: ["respiratory_rate"],
  temp: ["temperature"],
  gcs: ["gcs_total"],
  glucose: ["glucose"],
  avpu: ["avpu"],
};
export const UNITS: Readonly<Record<Tile, string>> = {
  hr: "/min",
  nibp: "mmHg",
  spo2: "%",
  rr: "/min",
  temp: "℃",
  gcs: "",
  glucose: "mmol/L",
  avpu: "",
};
export const AVPU = ["A", "V", "P", "U"] as const;
export const GCS = { gcs_eye: 4, gcs_verbal: 5, gcs_motor: 6 } as const;
export type GcsPart = keyof typeof GCS;

/** What a value is worth by its ranges; the service judges by the same. */
export function judge(value: number, signal: HandSignal | undefined): Judged {
  if (signal === undefined) return "ok";
  const within = (range: Schemas["RangeOut"] | null): boolean =>
    range === null || (range.low <= value && value <= range.high);
  if (!within(signal.hard)) return "hard";
  return within(signal.soft) ? "ok" : "soft";
}

/** What values of one moment are worth together: a diastolic pressure that is not below its systolic one is wrong. */
export function judgeAll(values: Readonly<Record<string, number>>, signals: ReadonlyMap<string, HandSignal>): Judged {
  const { nibp_systolic: high, nibp_diastolic: low } = values;
  if (high !== undefined && low !== undefined && low >= high) return "hard";
  const each = Object.entries(values).map(([name, value]) => judge(value, signals.get(name)));
  return each.includes("hard") ? "hard" : each.includes("soft") ? "soft" : "ok";
}

/** A key of the pad after what is typed already: digits, one point where the signal has decimals, `back`. */
export function typed(text: string, key: string, decimals: number): string {
  if (key === "back") return text.slice(0, -1);
  if (key === ".") return decimals > 0 && !text.includes(".") ? `${text || "0"}.` : text;
  const next = text === "0" ? key : text + key;
  const [whole = "", part = ""] = next.split(".");
  return whole.length > 3 || part.length > decimals ? text : next;
}

/** Whether another digit could still make a value that can be right; else the next field is meant. */
export function full(text: string, signal: HandSignal | undefined): boolean {
  return text !== "" && signal?.hard != null && Number(text) * 10 > signal.hard.high;
}

/** One step of the signal up or down. */
export function stepped(text: string, by: 1 | -1, decimals: number): string {
  const step = 10 ** -decimals;
  return Math.max(0, (Number(text) || 0) + by * step).toFixed(decimals);
}

export interface Shown {
  text: string;
  atMs: number;
  judged: Judged;
  /** Not at the service yet. */
  held: boolean;
}

export interface Said {
  id: string;
  atMs: number;
  values: Readonly<Record<string, number>> | null;
  treatment: string | null;
  /** Of an order that no list has. */
  words: string | null;
  amount: number | null;
  corrects: string | null;
  counts: boolean;
  held: boolean;
  by: string | null;
}

/** The newest of a tile among all that was said, those that count. */
export function newestOf(tile: Tile, all: readonly Said[], signals: ReadonlyMap<string, HandSignal>): Shown | null {
  const names = SIGNALS[tile];
  const found = all.findLast(({ values, counts }) => counts && values !== null && names.some((name) => name in values));
  if (!found?.values) return null;
  const values = Object.fromEntries(Object.entries(found.values).filter(([name]) => names.includes(name)));
  const text = names.map((name) => valueText(name, values[name], signals)).join("/");
  return { text, atMs: found.atMs, judged: judgeAll(values, signals), held: found.held };
}

export function valueText(name: string, value: number | undefined, signals: ReadonlyMap<string, HandSignal>): string {
  if (value === undefined) return "—";
  if (name === "avpu") return AVPU[value - 1] ?? String(value);
  return value.toFixed(signals.get(name)?.decimals ?? 0);
}

/** All that was said, by time: what the service has, and what waits here; what was taken back here counts no more. */
export function together(entries: readonly Entry[], held: readonly Said[], taken: ReadonlySet<string>): Said[] {
  const corrected = new Set(held.flatMap(({ corrects }) => corrects ?? []));
  const known = entries.map((one): Said => ({
    id: one.id,
    atMs: Date.parse(one.at),
    values: one.values.length > 0 ? Object.fromEntries(one.values.map(({ signal, value }) => [signal, value])) : null,
    treatment: one.treatment,
    words: one.words,
    amount: one.amount,
    corrects: one.corrects,
    counts: one.counts,
    held: false,
    by: one.author_name,
  }));
  const ids = new Set(known.map(({ id }) => id));
  return [...known, ...held.filter(({ id }) => !ids.has(id))]
    .map((one) => ({ ...one, counts: one.counts && !taken.has(one.id) && !corrected.has(one.id) }))
    .sort((a, b) => a.atMs - b.atMs);
}
