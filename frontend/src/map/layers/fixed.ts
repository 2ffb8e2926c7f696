/** What stands still: stations with how many can be sent, hospitals, towns in Uyghur. */

import type { HospitalMark, StationMark } from "../marks";
import { inside, type Spot } from "../project";
import { drawLabel, drawText, widthOf, type Brush, type Lettering } from "./brush";

const NAMES_ZOOM = 10.5;
/** From here on every station and hospital has its sign; further away stations are counts, as far as there is room. */
const SIGNS_ZOOM = 8.8;

/** Their signs: below everything that moves. */
export function drawStations(brush: Brush, stations: readonly StationMark[]): void {
  const { canvas, palette, view, put } = brush;
  for (const mark of stations) {
    const at = put(mark.lat, mark.lon);
    if (!inside(at, view, 30)) continue;
    const color = mark.system === "civil" ? palette.civil : palette.corps;
    if (view.zoom < SIGNS_ZOOM) {
      dot(brush, mark, at, color);
      continue;
    }
    canvas.beginPath();
    canvas.moveTo(at.x - 6, at.y + 6);
    canvas.lineTo(at.x - 6, at.y - 1);
    canvas.lineTo(at.x, at.y - 6);
    canvas.lineTo(at.x + 6, at.y - 1);
    canvas.lineTo(at.x + 6, at.y + 6);
    canvas.closePath();
    canvas.fillStyle = palette.land;
    canvas.fill();
    canvas.strokeStyle = color;
    canvas.lineWidth = 1.4;
    canvas.stroke();
  }
}

/** Their names and how many can be sent: where nothing more urgent has taken the room. */
export function nameStations(brush: Brush, stations: readonly StationMark[]): void {
  const { palette, view, put } = brush;
  if (view.zoom < SIGNS_ZOOM) return;
  for (const mark of stations) {
    const at = put(mark.lat, mark.lon);
    if (!inside(at, view, 30)) continue;
    const count = `${mark.sendable}/${mark.units}`;
    const none = mark.units > 0 && mark.sendable === 0;
    if (mark.loss !== "") {
      drawText(brush, `${mark.name} ${mark.loss}`, at.x + 10, at.y + 1, {
        size: 12,
        bold: true,
        color: palette.med,
        align: "left",
      });
      continue;
    }
    const lettering = { size: 11, color: palette.label, align: "left" } as const;
    const named = view.zoom >= NAMES_ZOOM ? `${mark.name} ` : "";
    const left = beside(brush, `${named}${count}`, at, 10, lettering);
    if (!drawLabel(brush, `${named}${count}`, left, at.y + 1, lettering)) continue;
    // Nobody can be sent from here: the count says it in amber.
    if (none)
      drawText(brush, count, left + widthOf(brush, named, lettering), at.y + 1, { ...lettering, color: palette.med });
  }
}

/** Where a text begins that stands beside a sign: right of it, or left where the view would cut it off. */
function beside(brush: Brush, text: string, at: Spot, away: number, lettering: Lettering): number {
  const width = widthOf(brush, text, lettering);
  const right = at.x + away;
  return right + width + 4 <= brush.view.width ? right : at.x - away - width;
}

/** Far away: a round or square dot, filled while somebody can be sent from there. */
function dot({ canvas }: Brush, mark: StationMark, at: Spot, color: string): void {
  canvas.beginPath();
  if (mark.system === "civil") canvas.arc(at.x, at.y, 3.5, 0, 2 * Math.PI);
  else canvas.rect(at.x - 3.5, at.y - 3.5, 7, 7);
  canvas.fillStyle = canvas.strokeStyle = color;
  canvas.lineWidth = 1.4;
  if (mark.sendable > 0) canvas.fill();
  else canvas.stroke();
}

export function drawHospitals(brush: Brush, hospitals: readonly HospitalMark[]): void {
  const { canvas, palette, view, put } = brush;
  for (const mark of hospitals) {
    if (view.zoom < SIGNS_ZOOM && mark.goal !== true) continue;
    const at = put(mark.lat, mark.lon);
    if (!inside(at, view, 30)) continue;
    canvas.beginPath();
    canvas.roundRect(at.x - 6.5, at.y - 6.5, 13, 13, 2);
    canvas.fillStyle = palette.panel;
    canvas.fill();
    canvas.strokeStyle = palette.label;
    canvas.lineWidth = 1.3;
    canvas.stroke();
    canvas.beginPath();
    canvas.moveTo(at.x, at.y - 3.5);
    canvas.lineTo(at.x, at.y + 3.5);
    canvas.moveTo(at.x - 3.5, at.y);
    canvas.lineTo(at.x + 3.5, at.y);
    canvas.lineWidth = 1.8;
    canvas.stroke();
  }
}

export function nameHospitals(brush: Brush, hospitals: readonly HospitalMark[]): void {
  for (const mark of hospitals) {
    if (brush.view.zoom < NAMES_ZOOM && mark.goal !== true) continue;
    const at = brush.put(mark.lat, mark.lon);
    if (!inside(at, brush.view, 30)) continue;
    const lettering = { size: 11, color: brush.palette.muted, align: "left" } as const;
    drawLabel(brush, mark.name, beside(brush, mark.name, at, 11, lettering), at.y, lettering);
  }
}

export interface Town {
  name: string;
  kind: string;
  lat: number;
  lon: number;
}

/** Uyghur is drawn here, where letters are joined and run from the right; U+2067 … U+2069 keep it so. */
export function drawTowns(brush: Brush, towns: readonly Town[]): void {
  for (const town of towns) {
    const at: Spot = brush.put(town.lat, town.lon);
    if (!inside(at, brush.view, 60)) continue;
    const size = { city: 15, town: 13 }[town.kind] ?? 11;
    drawLabel(brush, `\u2067${town.name}\u2069`, at.x, at.y, { size, color: brush.palette.label });
  }
}
