/** Incidents: a flag with the spoken number; four weights for four priorities, and rings where this seat looks. */

import type { IncidentMark } from "../marks";
import { inside, type Spot } from "../project";
import { drawText, widthOf, type Brush } from "./brush";

const HEIGHT = 22;
const BEAK = 6;
const RIM = 60;

export interface PlacedIncident {
  mark: IncidentMark;
  at: Spot;
}

export function placeIncidents({ view, put }: Brush, incidents: readonly IncidentMark[]): PlacedIncident[] {
  return incidents
    .map((mark) => ({ mark, at: put(mark.lat, mark.lon) }))
    .filter(({ at }) => inside(at, view, RIM))
    .sort((a, b) => weight(a.mark) - weight(b.mark));
}

function weight(mark: IncidentMark): number {
  return (mark.selected ? 10 : 0) + (5 - Number(mark.priority[1]));
}

export function drawIncidents(brush: Brush, placed: readonly PlacedIncident[], past: boolean): void {
  for (const one of placed) drawIncident(brush, one, past);
}

function drawIncident(brush: Brush, { mark, at }: PlacedIncident, past: boolean): void {
  const { canvas, palette } = brush;
  const color = past
    ? palette.muted
    : { P1: palette.high, P2: palette.med, P3: palette.label, P4: palette.muted }[mark.priority];
  if (mark.selected) {
    canvas.strokeStyle = color;
    for (const [radius, width] of [
      [7, 2],
      [12, 1],
    ] as const) {
      canvas.lineWidth = width;
      canvas.beginPath();
      canvas.arc(at.x, at.y, radius, 0, 2 * Math.PI);
      canvas.stroke();
    }
  }
  const size = mark.selected ? 15 : 12;
  const lettering = { size, bold: true, color: palette.text };
  const width = Math.max(24, widthOf(brush, mark.label, lettering) + 12);
  const lift = mark.selected ? 16 : 2;
  const height = mark.selected ? HEIGHT + 4 : HEIGHT;
  const bottom = at.y - lift - BEAK;
  canvas.beginPath();
  canvas.moveTo(at.x - width / 2, bottom - height);
  canvas.lineTo(at.x + width / 2, bottom - height);
  canvas.lineTo(at.x + width / 2, bottom);
  canvas.lineTo(at.x + 5, bottom);
  canvas.lineTo(at.x, bottom + BEAK);
  canvas.lineTo(at.x - 5, bottom);
  canvas.lineTo(at.x - width / 2, bottom);
  canvas.closePath();
  const solid = mark.priority === "P1" && !past;
  canvas.fillStyle = solid ? color : mark.priority === "P2" && !past ? palette.medBg : palette.panel;
  canvas.fill();
  canvas.lineWidth = mark.priority === "P4" ? 1 : 1.6;
  canvas.strokeStyle = color;
  canvas.stroke();
  const ink = solid ? palette.highText : mark.priority === "P2" && !past ? color : palette.text;
  const fill = solid ? color : mark.priority === "P2" && !past ? palette.medBg : palette.panel;
  drawText(brush, mark.label, at.x, bottom - height / 2 + 0.5, { ...lettering, color: ink, halo: fill });
  brush.labels.take({ x: at.x - width / 2, y: bottom - height, width, height });
}
