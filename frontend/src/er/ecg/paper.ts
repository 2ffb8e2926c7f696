/**
 * Where on the paper what is drawn: 25 mm a second, 10 mm a millivolt. Ten seconds to a record; of 3 × 4 the columns share
 * the time of the strip below them, so that what stands above one another was measured together.
 */

import type { Lead } from "./leads";

export const MM_PER_S = 25;
export const MM_PER_MV = 10;
export const RECORD_S = 10;
/** The calibration pulse before each row: 1 mV high, 0.2 s wide. */
export const PULSE_MM = 5;
const MARGIN_MM = 2;
const FOOT_MM = 4;
const MS = 1_000;

export type Form = "3x4" | "6x2" | "12x1";

interface Rows {
  rows: readonly (readonly Lead[])[];
  rhythm: readonly Lead[];
}

export const FORMS: Record<Form, Rows> = {
  "3x4": {
    rows: [
      ["I", "aVR", "V1", "V4"],
      ["II", "aVL", "V2", "V5"],
      ["III", "aVF", "V3", "V6"],
    ],
    rhythm: ["II"],
  },
  "6x2": {
    rows: [
      ["I", "V1"],
      ["II", "V2"],
      ["III", "V3"],
      ["aVR", "V4"],
      ["aVL", "V5"],
      ["aVF", "V6"],
    ],
    rhythm: [],
  },
  "12x1": {
    rows: (["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"] as const).map((lead) => [lead]),
    rhythm: [],
  },
};

/** A stretch of one lead: pixels from the left, and the share of the record that it shows. */
export interface Cell {
  lead: Lead;
  row: number;
  rhythm: boolean;
  fromS: number;
  untilS: number;
  /** Height of zero millivolt; pixels from the top. */
  zeroPx: number;
}

export interface Paper {
  pxPerMm: number;
  widthPx: number;
  heightPx: number;
  /** Where the record begins; pixels from the left. */
  originPx: number;
  rowPx: number;
  rows: number;
  cells: readonly Cell[];
}

/** Lay a form on a sheet of that height; its width follows from the scale. */
export function paper(form: Form, heightPx: number, pxPerMm: number): Paper {
  const { rows, rhythm } = FORMS[form];
  const all = [...rows, ...rhythm.map((lead) => [lead])];
  const rowPx = (heightPx - FOOT_MM * pxPerMm) / all.length;
  const cells = all.flatMap((leads, row) =>
    leads.map((lead, column) => ({
      lead,
      row,
      rhythm: row >= rows.length,
      fromS: (column * RECORD_S) / leads.length,
      untilS: ((column + 1) * RECORD_S) / leads.length,
      zeroPx: rowPx * (row + 0.58),
    })),
  );
  const originPx = (PULSE_MM + 2 * MARGIN_MM) * pxPerMm;
  const widthPx = originPx + RECORD_S * MM_PER_S * pxPerMm;
  return { pxPerMm, widthPx, heightPx, originPx, rowPx, rows: all.length, cells };
}

/** Pixels from the left of so many seconds into the record. */
export function xOf(sheet: Paper, seconds: number): number {
  return sheet.originPx + seconds * MM_PER_S * sheet.pxPerMm;
}

/** Seconds into the record at so many pixels from the left, within the record. */
export function secondsAt(sheet: Paper, px: number): number {
  return Math.min(RECORD_S, Math.max(0, (px - sheet.originPx) / (MM_PER_S * sheet.pxPerMm)));
}

/** Pixels from the top of a voltage in a row; a deflection upwards is positive. */
export function yOf(sheet: Paper, cell: Pick<Cell, "zeroPx">, mv: number): number {
  return cell.zeroPx - mv * MM_PER_MV * sheet.pxPerMm;
}

/** The beginning of the record in which a moment of the sweep lies: whole tens of seconds, so that the bar runs on. */
export function recordOf(ms: number): number {
  return Math.floor(ms / (RECORD_S * MS)) * RECORD_S * MS;
}

export interface Measured {
  ms: number;
  mv: number;
  /** Beats a minute if it is one from beat to beat; null where it is too short to be one. */
  perMinute: number | null;
}

/** What the calipers measure between two points of the paper. */
export function measured(sheet: Paper, from: { x: number; y: number }, to: { x: number; y: number }): Measured {
  const ms = (Math.abs(to.x - from.x) / (MM_PER_S * sheet.pxPerMm)) * MS;
  const mv = (from.y - to.y) / (MM_PER_MV * sheet.pxPerMm);
  return { ms, mv, perMinute: ms < 150 ? null : 60_000 / ms };
}
