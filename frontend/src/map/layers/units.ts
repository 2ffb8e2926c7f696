/**
 * Units: the frame tells whose (round 地方, square 兵团), the glyph what it does, the beak where it heads, a dashed frame
 * that its position is not of now, a blue ring that it is this seat's.
 */

import type { UnitMark } from "../marks";
import { inside, type Spot } from "../project";
import { drawLabel, drawSign, drawText, widthOf, type Brush } from "./brush";

const HALF = 10;
const SPRITE = { width: 2 * HALF + 4, height: 2 * HALF + 4 };
const RIM = 40;
/** From here on units at their station are drawn beside it, not only counted. */
export const HOME_ZOOM = 13.5;
/** Apart so far that each keeps its call sign. */
const BESIDE = { x: 38, y: 34 };

export interface Placed {
  mark: UnitMark;
  at: Spot;
}

/** Which units are drawn, and where: those at home stand in a row under their station, or are only counted. */
export function placeUnits({ view, put }: Brush, units: readonly UnitMark[]): Placed[] {
  const close = view.zoom >= HOME_ZOOM;
  const beside = new Map<string, number>();
  const placed: Placed[] = [];
  for (const mark of units) {
    const at = put(mark.lat, mark.lon);
    if (mark.home && !mark.selected && !mark.marked) {
      if (!close) continue;
      const nth = beside.get(mark.stationId) ?? 0;
      beside.set(mark.stationId, nth + 1);
      at.x += ((nth % 4) + 1) * BESIDE.x;
      at.y += Math.floor(nth / 4) * BESIDE.y + 26;
    }
    if (inside(at, view, RIM)) placed.push({ mark, at });
  }
  // What is looked for lies on top.
  return placed.sort((a, b) => weight(a.mark) - weight(b.mark));
}

function weight(mark: UnitMark): number {
  return (mark.selected ? 4 : 0) + (mark.marked ? 2 : 0) + (mark.level === "plain" ? 0 : 1);
}

export function drawUnits(brush: Brush, placed: readonly Placed[], past: boolean): void {
  for (const { mark, at } of placed) drawUnit(brush, mark, at, past);
  for (const { mark, at } of placed.toReversed()) label(brush, mark, at);
}

function colorOf({ palette }: Brush, mark: UnitMark, past: boolean): string {
  if (past) return palette.muted;
  if (mark.level === "red") return palette.high;
  if (mark.level === "amber") return palette.med;
  return { working: palette.text, free: palette.live, out: palette.faint, lost: palette.med }[mark.tone];
}

function drawUnit(brush: Brush, mark: UnitMark, at: Spot, past: boolean): void {
  const { canvas, palette, sprites, ratio } = brush;
  const whose = mark.system === "civil" ? palette.civil : palette.corps;
  if (mark.selected || mark.marked) {
    canvas.save();
    canvas.strokeStyle = palette.focus;
    canvas.lineWidth = mark.selected ? 2.5 : 1.5;
    canvas.beginPath();
    canvas.arc(at.x, at.y, HALF + 5, 0, 2 * Math.PI);
    canvas.stroke();
    canvas.restore();
  }
  if (mark.headingDeg !== null && !mark.stale) beak(brush, at, mark.headingDeg, past ? palette.muted : whose);
  const old = mark.stale || past;
  const color = colorOf(brush, mark, past);
  const frame = old ? palette.muted : whose;
  const key = `unit|${mark.system}|${String(old)}|${frame}|${palette.panel}|${mark.sign}|${color}`;
  sprites.put(canvas, ratio, key, SPRITE, at, (paper) => {
    paper.beginPath();
    if (mark.system === "civil") paper.arc(0, 0, HALF, 0, 2 * Math.PI);
    else paper.roundRect(-HALF, -HALF, 2 * HALF, 2 * HALF, 2);
    paper.fillStyle = palette.panel;
    paper.fill();
    paper.strokeStyle = frame;
    paper.lineWidth = 1.6;
    paper.setLineDash(old ? [3, 2.5] : []);
    paper.stroke();
    paper.setLineDash([]);
    drawSign({ ...brush, canvas: paper }, mark.sign, { x: 0, y: 0 }, 13, color);
  });
}

function beak({ canvas }: Brush, at: Spot, headingDeg: number, color: string): void {
  canvas.save();
  canvas.translate(at.x, at.y);
  canvas.rotate((headingDeg * Math.PI) / 180);
  canvas.beginPath();
  canvas.moveTo(-4, -HALF - 2);
  canvas.lineTo(4, -HALF - 2);
  canvas.lineTo(0, -HALF - 8);
  canvas.closePath();
  canvas.fillStyle = color;
  canvas.fill();
  canvas.restore();
}

function label(brush: Brush, mark: UnitMark, at: Spot): void {
  const { palette } = brush;
  const bold = mark.tone !== "out";
  const color = bold ? palette.text : palette.muted;
  // The side that the beak leaves free.
  const south = mark.headingDeg !== null && Math.cos((mark.headingDeg * Math.PI) / 180) < 0;
  const y = at.y + (south ? -HALF - 9 : HALF + 9);
  if (!drawLabel(brush, mark.callSign, at.x, y, { size: 11, bold, color })) return;
  if (mark.age === "") return;
  const lettering = { size: 10, color: mark.stale ? palette.med : palette.muted, halo: palette.panel };
  const width = widthOf(brush, mark.age, lettering) + 8;
  const top = y + (south ? -20 : 8);
  const { canvas } = brush;
  canvas.save();
  canvas.beginPath();
  canvas.roundRect(at.x - width / 2, top, width, 13, 2);
  canvas.fillStyle = palette.panel;
  canvas.fill();
  canvas.strokeStyle = lettering.color;
  canvas.lineWidth = 1;
  if (mark.stale) canvas.setLineDash([2.5, 2]);
  canvas.stroke();
  canvas.restore();
  drawText(brush, mark.age, at.x, top + 7, lettering);
}
