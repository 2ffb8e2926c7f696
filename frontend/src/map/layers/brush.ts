/** What every layer draws with: the canvas, the colours, the projection, and the places that labels have taken. */

import { SIGNS, type Sign, type SignName } from "../../ui/signs";
import type { Taken } from "../labels";
import type { Palette } from "../palette";
import type { Spot, View } from "../project";
import type { Sprites } from "../sprites";

export interface Brush {
  canvas: CanvasRenderingContext2D;
  palette: Palette;
  view: View;
  put: (lat: number, lon: number) => Spot;
  labels: Taken;
  /** What was painted before and is only copied; `ratio`: dots for one CSS pixel. */
  sprites: Sprites;
  ratio: number;
}

interface Drawn {
  fill: Path2D | null;
  stroke: Path2D | null;
  dashed: boolean;
}

const drawn = new Map<SignName, Drawn>();

function pathsOf(name: SignName): Drawn {
  let paths = drawn.get(name);
  if (paths === undefined) {
    const sign: Sign = SIGNS[name];
    paths = {
      fill: sign.fill === undefined ? null : new Path2D(sign.fill),
      stroke: sign.stroke === undefined ? null : new Path2D(sign.stroke),
      dashed: sign.dashed ?? false,
    };
    drawn.set(name, paths);
  }
  return paths;
}

/** A status sign, `size` pixels wide, its middle at the spot. */
export function drawSign({ canvas }: Brush, name: SignName, at: Spot, size: number, color: string): void {
  const { fill, stroke, dashed } = pathsOf(name);
  const scale = size / 16;
  canvas.save();
  canvas.translate(at.x - size / 2, at.y - size / 2);
  canvas.scale(scale, scale);
  canvas.fillStyle = canvas.strokeStyle = color;
  canvas.lineWidth = 1.6;
  if (dashed) canvas.setLineDash([2.4, 1.9]);
  if (stroke !== null) canvas.stroke(stroke);
  if (fill !== null) canvas.fill(fill, "evenodd");
  canvas.restore();
}

export interface Lettering {
  size: number;
  bold?: boolean;
  color: string;
  align?: CanvasTextAlign;
  halo?: string;
}

/** Pixels of a halo's stroke: half of it lies outside the letters. */
const HALO = 3;
const widths = new Map<string, number>();
const MOST_WIDTHS = 4_000;

function fontOf(palette: Palette, lettering: Lettering): string {
  return `${lettering.bold === true ? 700 : 400} ${lettering.size}px ${palette.font}`;
}

/** How wide a text is in CSS pixels. */
export function widthOf({ canvas, palette }: Brush, text: string, lettering: Lettering): number {
  const font = fontOf(palette, lettering);
  const key = `${font}|${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    canvas.font = font;
    width = canvas.measureText(text).width;
    if (widths.size > MOST_WIDTHS) widths.clear();
    widths.set(key, width);
  }
  return width;
}

/** A text with its halo, at its vertical middle. */
export function drawText(brush: Brush, text: string, x: number, y: number, lettering: Lettering): void {
  const { canvas, palette, sprites, ratio } = brush;
  const font = fontOf(palette, lettering);
  const halo = lettering.halo ?? palette.land;
  const width = widthOf(brush, text, lettering);
  const size = { width: width + 2 * HALO + 2, height: lettering.size * 1.7 + 2 * HALO };
  const middle = { x: leftOf(x, width, lettering.align) + width / 2, y };
  sprites.put(canvas, ratio, `${font}|${lettering.color}|${halo}|${text}`, size, middle, (paper) => {
    paper.font = font;
    paper.textAlign = "center";
    paper.textBaseline = "middle";
    paper.lineJoin = "round";
    paper.lineWidth = HALO;
    paper.strokeStyle = halo;
    paper.strokeText(text, 0, 0);
    paper.fillStyle = lettering.color;
    paper.fillText(text, 0, 0);
  });
}

/** Where a text of that width begins. The canvas is always left to right. */
function leftOf(x: number, width: number, align: CanvasTextAlign = "center"): number {
  return align === "center" ? x - width / 2 : align === "right" || align === "end" ? x - width : x;
}

/** A text whose place nobody has taken; otherwise nothing is drawn. Tells whether it was. */
export function drawLabel(brush: Brush, text: string, x: number, y: number, lettering: Lettering): boolean {
  const width = widthOf(brush, text, lettering);
  const left = leftOf(x, width, lettering.align);
  const box = { x: left - 2, y: y - lettering.size / 2 - 2, width: width + 4, height: lettering.size + 4 };
  if (!brush.labels.take(box)) return false;
  drawText(brush, text, x, y, lettering);
  return true;
}

/** A line of places, as the current path. */
export function traceLine({ canvas, put }: Brush, line: readonly (readonly [number, number])[]): void {
  canvas.beginPath();
  line.forEach(([lon, lat], index) => {
    const { x, y } = put(lat, lon);
    if (index === 0) canvas.moveTo(x, y);
    else canvas.lineTo(x, y);
  });
}
