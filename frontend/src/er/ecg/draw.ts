/** Paper and traces on a canvas. What to draw where is reckoned in `paper.ts`; here are only strokes. */

import type { EcgBuffer, Span } from "./buffer";
import { sourceOf, type Lead } from "./leads";
import { MM_PER_MV, PULSE_MM, RECORD_S, xOf, yOf, type Cell, type Paper } from "./paper";

export interface Inks {
  ground: string;
  fine: string;
  bold: string;
  trace: string;
  label: string;
  faint: string;
  off: string;
}

export interface Words {
  derived: string;
  rhythm: string;
  leadOff: string;
  gap: (seconds: string) => string;
}

/** A gap shorter than a millimetre is a break in the line, and no more. */
export const SHOWN_GAP_MS = 40;
const MS = 1_000;
const FONT = "Noto Sans SC, Noto Sans, sans-serif";

/** Grid of 1 and 5 mm, calibration pulses, names of leads and where columns meet. */
export function drawSheet(
  pen: CanvasRenderingContext2D,
  sheet: Paper,
  sent: ReadonlySet<number>,
  inks: Inks,
  words: Words,
): void {
  pen.fillStyle = inks.ground;
  pen.fillRect(0, 0, sheet.widthPx, sheet.heightPx);
  grid(pen, sheet, 1, inks.fine);
  grid(pen, sheet, 5, inks.bold);
  pen.textBaseline = "alphabetic";
  pen.strokeStyle = inks.label;
  pen.lineWidth = 1;
  for (const cell of sheet.cells) {
    if (cell.fromS === 0) pulse(pen, sheet, cell);
    const x = xOf(sheet, cell.fromS);
    if (cell.fromS > 0) {
      pen.beginPath();
      pen.moveTo(x + 0.5, cell.zeroPx - 3 * sheet.pxPerMm);
      pen.lineTo(x + 0.5, cell.zeroPx + 3 * sheet.pxPerMm);
      pen.stroke();
    }
    const top = sheet.rowPx * cell.row + 13;
    pen.fillStyle = inks.label;
    pen.font = `700 13px ${FONT}`;
    pen.fillText(cell.lead, x + 4, top);
    const wide = pen.measureText(cell.lead).width;
    const source = sourceOf(cell.lead, sent);
    pen.font = `400 11px ${FONT}`;
    pen.fillStyle = inks.faint;
    const beside = [source === "derived" ? words.derived : "", cell.rhythm ? words.rhythm : ""]
      .filter(Boolean)
      .join(" ");
    pen.fillText(beside, x + 10 + wide, top);
  }
}

function grid(pen: CanvasRenderingContext2D, sheet: Paper, everyMm: number, ink: string): void {
  pen.strokeStyle = ink;
  pen.lineWidth = 1;
  pen.beginPath();
  const step = everyMm * sheet.pxPerMm;
  for (let x = sheet.originPx % step; x <= sheet.widthPx; x += step)
    line(pen, Math.round(x), 0, Math.round(x), sheet.heightPx);
  for (let y = 0; y <= sheet.heightPx; y += step) line(pen, 0, Math.round(y), sheet.widthPx, Math.round(y));
  pen.stroke();
}

function line(pen: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  pen.moveTo(x1 + 0.5, y1 + 0.5);
  pen.lineTo(x2 + 0.5, y2 + 0.5);
}

function pulse(pen: CanvasRenderingContext2D, sheet: Paper, cell: Cell): void {
  const from = sheet.originPx - (PULSE_MM + 1) * sheet.pxPerMm;
  const until = from + PULSE_MM * sheet.pxPerMm;
  const top = cell.zeroPx - MM_PER_MV * sheet.pxPerMm;
  pen.beginPath();
  pen.moveTo(from - sheet.pxPerMm, cell.zeroPx);
  for (const [x, y] of [
    [from, cell.zeroPx],
    [from, top],
    [until, top],
    [until, cell.zeroPx],
    [until + sheet.pxPerMm, cell.zeroPx],
  ] as const)
    pen.lineTo(x, y);
  pen.stroke();
}

/** Draw what was measured in a span of one record; `recordMs`: when the record begins. */
export function drawSpan(
  pen: CanvasRenderingContext2D,
  sheet: Paper,
  buffer: EcgBuffer,
  recordMs: number,
  span: Span,
  inks: Inks,
): void {
  if (buffer.rateHz === 0) return;
  const readers = new Map<Lead, (sample: number) => number>();
  const off: [number, number, number][] = [];
  pen.strokeStyle = inks.trace;
  pen.lineWidth = 1.25;
  pen.lineJoin = "round";
  pen.beginPath();
  for (const cell of sheet.cells) {
    const fromMs = Math.max(span.fromMs, recordMs + cell.fromS * MS);
    const untilMs = Math.min(span.untilMs, recordMs + cell.untilS * MS);
    if (fromMs >= untilMs) continue;
    const reader = readers.get(cell.lead) ?? buffer.reader(cell.lead);
    readers.set(cell.lead, reader);
    trace(pen, sheet, buffer, cell, reader, recordMs, fromMs, untilMs, off);
  }
  pen.stroke();
  if (off.length > 0) drawOff(pen, off, inks);
}

function trace(
  pen: CanvasRenderingContext2D,
  sheet: Paper,
  buffer: EcgBuffer,
  cell: Cell,
  reader: (sample: number) => number,
  recordMs: number,
  fromMs: number,
  untilMs: number,
  off: [number, number, number][],
): void {
  // One sample before, so that what was drawn before goes on without a break.
  const begin = Math.max(buffer.at(fromMs) - 1, buffer.at(recordMs + cell.fromS * MS));
  const last = buffer.at(untilMs);
  const x = (sample: number): number => xOf(sheet, ((sample / buffer.rateHz) * MS - recordMs) / MS);
  let down = false;
  let offFrom: number | null = null;
  for (let sample = begin; sample <= last; sample++) {
    const mv = reader(sample);
    if (Number.isNaN(mv)) {
      down = false;
      if (buffer.has(sample)) offFrom ??= sample;
      else if (offFrom !== null) {
        off.push([x(offFrom), x(sample), cell.zeroPx]);
        offFrom = null;
      }
      continue;
    }
    if (offFrom !== null) off.push([x(offFrom), x(sample), cell.zeroPx]);
    offFrom = null;
    if (down) pen.lineTo(x(sample), yOf(sheet, cell, mv));
    else pen.moveTo(x(sample), yOf(sheet, cell, mv));
    down = true;
  }
  if (offFrom !== null) off.push([x(offFrom), x(last), cell.zeroPx]);
}

function drawOff(pen: CanvasRenderingContext2D, off: readonly [number, number, number][], inks: Inks): void {
  pen.save();
  pen.strokeStyle = inks.off;
  pen.lineWidth = 1;
  for (const [from, until, y] of off) {
    pen.setLineDash([4, 4]);
    pen.lineDashOffset = from;
    pen.beginPath();
    pen.moveTo(from, y);
    pen.lineTo(until, y);
    pen.stroke();
  }
  pen.restore();
}

/** Hatch a gap over all rows, with how long it lasts. */
export function drawGap(
  pen: CanvasRenderingContext2D,
  sheet: Paper,
  recordMs: number,
  gap: Span,
  told: string,
  inks: Inks,
): void {
  const from = xOf(sheet, Math.max(0, (gap.fromMs - recordMs) / MS));
  const until = xOf(sheet, Math.min(RECORD_S, (gap.untilMs - recordMs) / MS));
  pen.save();
  pen.beginPath();
  pen.rect(from, 0, until - from, sheet.heightPx);
  pen.clip();
  pen.clearRect(from, 0, until - from, sheet.heightPx);
  pen.strokeStyle = inks.faint;
  pen.globalAlpha = 0.55;
  pen.lineWidth = 1;
  pen.beginPath();
  const lean = sheet.heightPx;
  // By the paper's own grid, so that a gap that grows keeps its hatching.
  for (let x = Math.floor((from - lean) / 8) * 8; x < until; x += 8) {
    pen.moveTo(x, sheet.heightPx);
    pen.lineTo(x + lean, 0);
  }
  pen.stroke();
  pen.globalAlpha = 1;
  pen.setLineDash([2, 3]);
  pen.beginPath();
  pen.moveTo(from + 0.5, 0);
  pen.lineTo(from + 0.5, sheet.heightPx);
  pen.moveTo(until - 0.5, 0);
  pen.lineTo(until - 0.5, sheet.heightPx);
  pen.stroke();
  pen.restore();
  pen.font = `400 12px ${FONT}`;
  const wide = pen.measureText(told).width;
  if (told === "" || until - from < 24) return;
  const x = Math.min(Math.max((from + until - wide) / 2, 4), sheet.widthPx - wide - 4);
  const y = sheet.heightPx - 1.6 * sheet.rowPx;
  pen.fillStyle = inks.ground;
  pen.fillRect(x - 4, y - 14, wide + 8, 20);
  pen.fillStyle = inks.label;
  pen.fillText(told, x, y);
}
