/** The traces as they run: each picture adds what has come since the last, behind a bar that erases the record before. */

import type { EcgBuffer, Span } from "./buffer";
import { drawGap, drawSpan, SHOWN_GAP_MS, type Inks, type Words } from "./draw";
import { RECORD_S, recordOf, xOf, type Paper } from "./paper";

const BAR_PX = 28;
const RECORD_MS = RECORD_S * 1_000;

export class Sweep {
  /** Up to where is drawn; null: nothing is. */
  drawnMs: number | null = null;
  #gapMs: number | null = null;
  #dirty = true;

  /** What is on the canvas is to be drawn anew: late data came, or the paper is another one. */
  spoil(): void {
    this.#dirty = true;
  }

  /** A span has changed; only what is in sight makes work. */
  filled(span: Span): void {
    if (this.drawnMs !== null && span.fromMs < this.drawnMs && span.untilMs > this.drawnMs - RECORD_MS)
      this.#dirty = true;
  }

  /** Draw up to `headMs`. */
  draw(pen: CanvasRenderingContext2D, sheet: Paper, buffer: EcgBuffer, headMs: number, inks: Inks, words: Words): void {
    const before = this.drawnMs;
    const recordMs = recordOf(headMs);
    if (this.#dirty || before === null || headMs - before > RECORD_MS || headMs < before) {
      this.#dirty = false;
      pen.clearRect(0, 0, sheet.widthPx, sheet.heightPx);
      const barMs = (BAR_PX / xWidth(sheet)) * RECORD_MS;
      this.#span(
        pen,
        sheet,
        buffer,
        recordMs - RECORD_MS,
        { fromMs: headMs - RECORD_MS + barMs, untilMs: recordMs },
        inks,
        words,
      );
      this.#span(pen, sheet, buffer, recordMs, { fromMs: recordMs, untilMs: headMs }, inks, words);
    } else if (before < recordMs) {
      this.#on(pen, sheet, buffer, recordMs - RECORD_MS, { fromMs: before, untilMs: recordMs }, inks);
      this.#on(pen, sheet, buffer, recordMs, { fromMs: recordMs, untilMs: headMs }, inks);
    } else {
      this.#on(pen, sheet, buffer, recordMs, { fromMs: before, untilMs: headMs }, inks);
    }
    this.drawnMs = headMs;
    this.#follow(buffer, before ?? headMs, headMs);
  }

  /** A whole record at rest, from its beginning. */
  static still(
    pen: CanvasRenderingContext2D,
    sheet: Paper,
    buffer: EcgBuffer,
    fromMs: number,
    inks: Inks,
    words: Words,
  ): void {
    pen.clearRect(0, 0, sheet.widthPx, sheet.heightPx);
    new Sweep().#span(pen, sheet, buffer, fromMs, { fromMs, untilMs: fromMs + RECORD_MS }, inks, words);
  }

  #span(
    pen: CanvasRenderingContext2D,
    sheet: Paper,
    buffer: EcgBuffer,
    recordMs: number,
    span: Span,
    inks: Inks,
    words: Words,
  ): void {
    if (span.untilMs <= span.fromMs) return;
    drawSpan(pen, sheet, buffer, recordMs, span, inks);
    for (const gap of buffer.gaps(span, SHOWN_GAP_MS))
      drawGap(pen, sheet, recordMs, gap, words.gap(((gap.untilMs - gap.fromMs) / 1_000).toFixed(2)), inks);
  }

  /** Go on from where it stopped: the bar first, then what has come. */
  #on(pen: CanvasRenderingContext2D, sheet: Paper, buffer: EcgBuffer, recordMs: number, span: Span, inks: Inks): void {
    const from = xOf(sheet, (span.fromMs - recordMs) / 1_000);
    const until = xOf(sheet, (span.untilMs - recordMs) / 1_000);
    pen.clearRect(from + 1, 0, until - from + BAR_PX, sheet.heightPx);
    if (until + BAR_PX > sheet.widthPx)
      pen.clearRect(sheet.originPx, 0, until + BAR_PX - sheet.widthPx, sheet.heightPx);
    if (this.#gapMs !== null && span.untilMs - this.#gapMs >= SHOWN_GAP_MS)
      drawGap(pen, sheet, recordMs, { fromMs: Math.max(this.#gapMs, recordMs), untilMs: span.untilMs }, "", inks);
    else drawSpan(pen, sheet, buffer, recordMs, span, inks);
  }

  /** Where a gap has begun; when it ends its length is told. */
  #follow(buffer: EcgBuffer, fromMs: number, headMs: number): void {
    const known = buffer.rateHz > 0 && buffer.has(buffer.at(headMs) - 1);
    if (known && this.#gapMs !== null) {
      this.#dirty = true;
      this.#gapMs = null;
    } else if (!known) {
      this.#gapMs ??= Math.max(fromMs, buffer.endMs ?? fromMs);
      // Once a second its length is told anew.
      if (Math.floor(fromMs / 1_000) !== Math.floor(headMs / 1_000)) this.#dirty = true;
    }
  }
}

function xWidth(sheet: Paper): number {
  return sheet.widthPx - sheet.originPx;
}
