/** What lies outside the view: an arrow at the edge for each waiting or red incident, and how many units beyond. */

import type { IncidentMark } from "../marks";
import { inside, type Spot } from "../project";
import { drawText, type Brush } from "./brush";

const MOST = 6;
const RIM = 14;

export interface Beyond {
  mark: IncidentMark;
  at: Spot;
}

/** The most urgent incidents outside the view, each put on the edge where the way to it leaves. */
export function placeBeyond({ view, put }: Brush, incidents: readonly IncidentMark[]): Beyond[] {
  const middle = { x: view.width / 2, y: view.height / 2 };
  return incidents
    .filter((mark) => mark.waits || mark.level === "red")
    .map((mark) => ({ mark, spot: put(mark.lat, mark.lon) }))
    .filter(({ spot }) => !inside(spot, view, 0))
    .sort((a, b) => a.mark.priority.localeCompare(b.mark.priority))
    .slice(0, MOST)
    .map(({ mark, spot }) => {
      const x = spot.x - middle.x;
      const y = spot.y - middle.y;
      const share = Math.min((middle.x - RIM) / Math.abs(x || 1e-9), (middle.y - RIM) / Math.abs(y || 1e-9));
      return { mark, at: { x: middle.x + x * share, y: middle.y + y * share } };
    });
}

export function drawBeyond(brush: Brush, beyond: readonly Beyond[], past: boolean): void {
  const { canvas, palette, view } = brush;
  for (const { mark, at } of beyond) {
    const color = past
      ? palette.muted
      : mark.priority === "P1"
        ? palette.high
        : mark.priority === "P2"
          ? palette.med
          : palette.label;
    canvas.save();
    canvas.translate(at.x, at.y);
    canvas.rotate(Math.atan2(at.y - view.height / 2, at.x - view.width / 2));
    canvas.beginPath();
    canvas.moveTo(8, 0);
    canvas.lineTo(-4, -7);
    canvas.lineTo(-4, 7);
    canvas.closePath();
    canvas.fillStyle = color;
    canvas.fill();
    canvas.restore();
    const left = at.x > view.width / 2;
    drawText(brush, mark.label, at.x + (left ? -12 : 12), at.y, {
      size: 12,
      bold: true,
      color,
      align: left ? "right" : "left",
    });
  }
}
