/** Lines: routes with their minutes, closures hatched, the trail of the followed unit. */

import type { ClosureMark, RouteMark } from "../marks";
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
  const middle = route.line[Math.floor(route.line.length / 2)];
  if (middle === undefined) return;
  const { canvas, palette, put } = brush;
  const at = put(middle[1], middle[0]);
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
    const middle = longest(closure);
    if (middle === undefined || closure.label === "") continue;
    const at = brush.put(middle[1], middle[0]);
    const color = closure.active ? palette.med : palette.muted;
    const width = widthOf(brush, closure.label, { size: 11, color });
    if (brush.labels.take({ x: at.x + 8, y: at.y - 8, width, height: 16 }))
      drawText(brush, closure.label, at.x + 8, at.y, { size: 11, color, align: "left" });
  }
  canvas.restore();
}

function longest(closure: ClosureMark): readonly [number, number] | undefined {
  const line = closure.lines.reduce<readonly (readonly [number, number])[]>(
    (best, one) => (one.length > best.length ? one : best),
    [],
  );
  return line[Math.floor(line.length / 2)];
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
