/** What lies outside the view: an arrow at the edge for each waiting or red incident, and how many units beyond. */

import type { IncidentMark } from "../marks";
import { inside, type Spot } from "../project";
import { drawText, type Brush } from "./brush";

const MOST = 6;
const RIM = 14;

/** Two arrows nearer than this are one, with a count. */
const NEAR = { x: 44, y: 18 };

export interface Beyond {
  /** The most urgent there. */
  mark: IncidentMark;
  at: Spot;
  /** How many more lie that way. */
  more: number;
}

/** The most urgent incidents outside the view, each put on the edge where the way to it leaves. */
export function placeBeyond({ view, put }: Brush, incidents: readonly IncidentMark[]): Beyond[] {
  const middle = { x: view.width / 2, y: view.height / 2 };
  const placed: Beyond[] = [];
  const arrows = incidents
    .filter((mark) => mark.waits || mark.level === "red")
    .map((mark) => ({ mark, spot: put(mark.lat, mark.lon) }))
    .filter(({ spot }) => !inside(spot, view, 0))
    .sort((a, b) => a.mark.priority.localeCompare(b.mark.priority))
    .map(({ mark, spot }) => {
      const x = spot.x - middle.x;
      const y = spot.y - middle.y;
      const share = Math.min((middle.x - RIM) / Math.abs(x || 1e-9), (middle.y - RIM) / Math.abs(y || 1e-9));
      return { mark, at: { x: middle.x + x * share, y: middle.y + y * share } };
    });
  for (const { mark, at } of arrows) {
    const there = placed.find((one) => Math.abs(one.at.x - at.x) < NEAR.x && Math.abs(one.at.y - at.y) < NEAR.y);
    if (there !== undefined) there.more += 1;
    else if (placed.length < MOST) placed.push({ mark, at, more: 0 });
  }
  return placed;
}

export function drawBeyond(brush: Brush, beyond: readonly Beyond[], past: boolean): void {
  const { canvas, palette, view } = brush;
  for (const { mark, at, more } of beyond) {
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
    drawText(brush, more === 0 ? mark.label : `${mark.label} +${more}`, at.x + (left ? -12 : 12), at.y, {
      size: 12,
      bold: true,
      color,
      align: left ? "right" : "left",
    });
  }
}
