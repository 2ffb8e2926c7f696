/** Web Mercator by hand: hundreds of markers are put on the screen each frame, and MapLibre's own way makes objects. */

export interface Spot {
  x: number;
  y: number;
}

/** What a frame looks at: the middle, the zoom (512-pixel tiles) and the size in CSS pixels. The map is never turned. */
export interface View {
  lat: number;
  lon: number;
  zoom: number;
  width: number;
  height: number;
}

const TILE = 512;

function mercatorY(lat: number): number {
  const sine = Math.sin((lat * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

/** Returns how to turn a place into CSS pixels of this view. */
export function projector(view: View): (lat: number, lon: number) => Spot {
  const scale = TILE * 2 ** view.zoom;
  const left = (view.lon / 360) * scale - view.width / 2;
  const top = mercatorY(view.lat) * scale - view.height / 2;
  return (lat, lon) => ({ x: (lon / 360) * scale - left, y: mercatorY(lat) * scale - top });
}

/** Dots of the screen for one CSS pixel of an element: a wall shows everything twice as large, and as sharp. */
export function dotsPerPixel(element: Element): number {
  return (window.devicePixelRatio || 1) * (element.currentCSSZoom || 1);
}

/** Metres that one CSS pixel covers at the middle. */
export function metresPerPixel(view: View): number {
  return (40_075_016.686 * Math.cos((view.lat * Math.PI) / 180)) / (TILE * 2 ** view.zoom);
}

/** The longest round length that fits `room` pixels: 1, 2 or 5 times a power of ten, in metres. */
export function scaleLength(perPixel: number, room: number): number {
  const most = perPixel * room;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [5, 2, 1].find((one) => one * power <= most) ?? 1;
  return step * power;
}

export function inside(spot: Spot, view: View, rim: number): boolean {
  return spot.x >= -rim && spot.y >= -rim && spot.x <= view.width + rim && spot.y <= view.height + rim;
}

/** How long a line is on the screen, in pixels. */
export function lengthOf(line: readonly Spot[]): number {
  let length = 0;
  for (let at = 1; at < line.length; at += 1) length += step(line, at);
  return length;
}

/** The spot that lies halfway along a line; undefined where there is none. */
export function middleOf(line: readonly Spot[]): Spot | undefined {
  let left = lengthOf(line) / 2;
  for (let at = 1; at < line.length; at += 1) {
    const length = step(line, at);
    const [from, to] = [line[at - 1], line[at]];
    if (from !== undefined && to !== undefined && length > 0 && left <= length) {
      const share = left / length;
      return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
    }
    left -= length;
  }
  return line[0];
}

/** How far a spot is from the nearest point of a line, in pixels; infinitely far where there is none. */
export function pixelsFrom(spot: Spot, line: readonly Spot[]): number {
  let least = Infinity;
  for (let at = 0; at < line.length; at += 1) {
    const to = line[at];
    if (to === undefined) continue;
    const from = line[at - 1] ?? to;
    const [x, y] = [to.x - from.x, to.y - from.y];
    const length = x * x + y * y;
    const along = length === 0 ? 0 : ((spot.x - from.x) * x + (spot.y - from.y) * y) / length;
    const share = Math.max(0, Math.min(1, along));
    least = Math.min(least, Math.hypot(from.x + x * share - spot.x, from.y + y * share - spot.y));
  }
  return least;
}

function step(line: readonly Spot[], at: number): number {
  const [from, to] = [line[at - 1], line[at]];
  return from === undefined || to === undefined ? 0 : Math.hypot(to.x - from.x, to.y - from.y);
}
