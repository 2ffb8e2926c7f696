/** Lines: routes with their minutes, closures hatched, the trail of the followed unit. */

import type { ClosureMark, RouteMark } from "../marks";
import { lengthOf, middleOf, type Spot } from "../project";
import { drawText, traceLine, widthOf, type Brush } from "./brush";

export function drawRoutes(brush: Brush, routes: readonly RouteMark[], past: boolean): void {
  const { canvas, palette } = brush;
  // The first choice lies on top of the others.
  const order = { other: 0, taken: 1, first: 2 };
  const sorted = routes.toSorted((a, b) => order[a.kind] - order[b.kind]);
  canvas.save();
  canvas.lineCap = canvas.lineJoin = "round";
  for (const route of sorted) {
    traceLine(brush, route.line);
    canvas.strokeStyle = palette.casing;
    canvas.lineWidth = route.kind === "other" ? 4 : 7;
    canvas.setLineDash([]);
    canvas.stroke();
    canvas.strokeStyle = past ? palette.muted : route.kind === "taken" ? palette.text : palette.route;
    canvas.lineWidth = route.kind === "other" ? 2 : 4;
    canvas.setLineDash(route.kind === "other" || past ? [6, 5] : []);
    canvas.stroke();
  }
  canvas.restore();
  for (const route of sorted) if (route.label !== "") badge(brush, route);
}

function badge(brush: Brush, route: RouteMark): void {
  const { canvas, palette } = brush;
  const at = middleOf(route.line.map(([lon, lat]) => brush.put(lat, lon)));
  if (at === undefined) return;
  const first = route.kind === "first";
  const lettering = { size: 11, bold: first, color: first ? palette.actText : palette.text };
  const width = widthOf(brush, route.label, lettering) + 12;
  canvas.beginPath();
  canvas.roundRect(at.x - width / 2, at.y - 8, width, 16, 3);
  canvas.fillStyle = first ? palette.act : palette.panel;
  canvas.fill();
  canvas.strokeStyle = first ? palette.act : palette.line;
  canvas.lineWidth = 1;
  canvas.stroke();
  drawText(brush, route.label, at.x, at.y + 0.5, { ...lettering, halo: first ? palette.act : palette.panel });
  brush.labels.take({ x: at.x - width / 2, y: at.y - 8, width, height: 16 });
}

export function drawClosures(brush: Brush, closures: readonly ClosureMark[]): void {
  const { canvas, palette } = brush;
  canvas.save();
  for (const closure of closures) {
    canvas.lineCap = "butt";
    for (const line of closure.lines) {
      traceLine(brush, line);
      canvas.setLineDash([]);
      canvas.strokeStyle = palette.casing;
      canvas.lineWidth = closure.selected ? 10 : 8;
      canvas.stroke();
      canvas.strokeStyle = closure.active ? palette.med : palette.muted;
      canvas.lineWidth = closure.selected ? 8 : 6;
      // Closed: dense bars; slowed: sparse ones; not yet begun: grey.
      canvas.setLineDash(closure.factor === 0 ? [4, 3] : [3, 9]);
      canvas.stroke();
    }
    const at = middleOf(longest(brush, closure));
    if (at === undefined || closure.label === "") continue;
    plate(brush, at, closure);
  }
  canvas.restore();
}

/** What is closed, on a plate of its own: over the bars nothing could be read. */
function plate(brush: Brush, at: Spot, { label, active }: ClosureMark): void {
  const { canvas, palette } = brush;
  const color = active ? palette.med : palette.muted;
  const lettering = { size: 11, color, halo: palette.panel };
  const width = widthOf(brush, label, lettering) + 10;
  const box = { x: at.x - width / 2, y: at.y - 8, width, height: 16 };
  if (!brush.labels.take(box)) return;
  canvas.save();
  canvas.setLineDash([]);
  canvas.beginPath();
  canvas.roundRect(box.x, box.y, box.width, box.height, 3);
  canvas.fillStyle = palette.panel;
  canvas.fill();
  canvas.strokeStyle = color;
  canvas.lineWidth = 1;
  canvas.stroke();
  canvas.restore();
  drawText(brush, label, at.x, at.y + 0.5, lettering);
}

/** The longest of its lines on this screen. */
function longest({ put }: Brush, closure: ClosureMark): readonly Spot[] {
  const lines = closure.lines.map((line) => line.map(([lon, lat]) => put(lat, lon)));
  return lines.reduce<readonly Spot[]>((best, line) => (lengthOf(line) > lengthOf(best) ? line : best), []);
}

export function drawTrail(brush: Brush, trail: readonly (readonly [number, number])[]): void {
  if (trail.length < 2) return;
  const { canvas, palette } = brush;
  canvas.save();
  traceLine(brush, trail);
  canvas.strokeStyle = palette.focus;
  canvas.globalAlpha = 0.65;
  canvas.lineWidth = 2;
  canvas.setLineDash([2, 4]);
  canvas.stroke();
  canvas.restore();
}
