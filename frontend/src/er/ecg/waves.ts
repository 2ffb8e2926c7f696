/** The other curves, by their numbers in `signals.toml`: each in a strip of its own, ten seconds like the ECG above it. */

import type { EcgBuffer, Span } from "./buffer";
import { drawGap, SHOWN_GAP_MS, type Inks } from "./draw";
import { RECORD_S, recordOf, xOf, type Paper } from "./paper";

export const CURVES = {
  1: { key: "pleth", unit: "", low: null, high: null },
  2: { key: "co2", unit: "mmHg", low: 0, high: 50 },
  3: { key: "art", unit: "mmHg", low: 0, high: 160 },
  4: { key: "cvp", unit: "mmHg", low: -5, high: 25 },
  5: { key: "resp", unit: "", low: null, high: null },
} as const;
export type Curve = keyof typeof CURVES;

export const isCurve = (number: number): number is Curve => number in CURVES;

export interface Range {
  low: number;
  high: number;
}

const MS = 1_000;
const RECORD_MS = RECORD_S * MS;
const BAR_PX = 28;
/** Room above and below within a strip; pixels. */
const EDGE_PX = 4;

/** A strip as wide and as tall as that: ten seconds over its whole width. */
export function strip(widthPx: number, heightPx: number): Paper {
  return {
    pxPerMm: widthPx / (RECORD_S * 25),
    widthPx,
    heightPx,
    originPx: 0,
    rowPx: heightPx * 0.35,
    rows: 1,
    cells: [],
  };
}

/**
 * From where to where a strip goes: a curve with a unit keeps its own scale and grows by whole steps beyond it; one
 * without is drawn as tall as it is. Null: there is nothing to draw.
 */
export function rangeOf(curve: Curve, seen: Range | null): Range | null {
  if (seen === null) return null;
  const { low, high } = CURVES[curve];
  if (low === null) {
    const spare = Math.max((seen.high - seen.low) * 0.05, 1e-6);
    return { low: seen.low - spare, high: seen.high + spare };
  }
  const step = (high - low) / 2;
  const beyond = (by: number): number => Math.max(0, Math.ceil(by / step)) * step;
  return { low: low - beyond(low - seen.low), high: high + beyond(seen.high - high) };
}

/** The least and the most of a curve within a span; null where nothing was measured. */
export function seenIn(buffer: EcgBuffer, curve: Curve, { fromMs, untilMs }: Span): Range | null {
  const read = buffer.values(curve);
  let found: Range | null = null;
  for (let sample = buffer.at(fromMs); sample < buffer.at(untilMs); sample++) {
    const value = read(sample);
    if (Number.isNaN(value)) continue;
    found =
      found === null
        ? { low: value, high: value }
        : { low: Math.min(found.low, value), high: Math.max(found.high, value) };
  }
  return found;
}

/** Draw the last ten seconds up to `headMs` behind a bar that erases the record before; at rest, those from `headMs` − 10 s on. */
export function drawStrip(
  pen: CanvasRenderingContext2D,
  sheet: Paper,
  buffer: EcgBuffer,
  curve: Curve,
  headMs: number,
  runs: boolean,
  inks: Inks,
  told: (seconds: string) => string,
): Range | null {
  const all = { fromMs: headMs - RECORD_MS, untilMs: headMs };
  const range = rangeOf(curve, seenIn(buffer, curve, all));
  if (!runs) {
    piece(pen, sheet, buffer, curve, all.fromMs, all, range, inks, told);
    return range;
  }
  const recordMs = recordOf(headMs);
  const barMs = (BAR_PX / sheet.widthPx) * RECORD_MS;
  piece(
    pen,
    sheet,
    buffer,
    curve,
    recordMs - RECORD_MS,
    { fromMs: all.fromMs + barMs, untilMs: recordMs },
    range,
    inks,
    told,
  );
  piece(pen, sheet, buffer, curve, recordMs, { fromMs: recordMs, untilMs: headMs }, range, inks, told);
  return range;
}

function piece(
  pen: CanvasRenderingContext2D,
  sheet: Paper,
  buffer: EcgBuffer,
  curve: Curve,
  recordMs: number,
  span: Span,
  range: Range | null,
  inks: Inks,
  told: (seconds: string) => string,
): void {
  if (span.untilMs <= span.fromMs) return;
  if (range !== null && buffer.rateHz > 0) {
    const read = buffer.values(curve);
    const tall = sheet.heightPx - 2 * EDGE_PX;
    pen.strokeStyle = inks.trace;
    pen.lineWidth = 1.25;
    pen.beginPath();
    let down = false;
    for (let sample = buffer.at(span.fromMs); sample < buffer.at(span.untilMs); sample++) {
      const value = read(sample);
      if (Number.isNaN(value)) {
        down = false;
        continue;
      }
      const x = xOf(sheet, ((sample / buffer.rateHz) * MS - recordMs) / MS);
      const y = EDGE_PX + tall * (1 - (value - range.low) / (range.high - range.low));
      if (down) pen.lineTo(x, y);
      else pen.moveTo(x, y);
      down = true;
    }
    pen.stroke();
  }
  for (const gap of buffer.gaps(span, SHOWN_GAP_MS))
    drawGap(pen, sheet, recordMs, gap, told(((gap.untilMs - gap.fromMs) / MS).toFixed(2)), inks);
}
