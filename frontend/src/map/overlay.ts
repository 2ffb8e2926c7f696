/**
 * The canvas over the map: everything that moves or that this seat works with. It is drawn anew only when something has
 * changed, in the same frame as the map below it, so that markers never slide against the roads.
 */

import { drawBeyond, placeBeyond, type Beyond } from "./layers/edges";
import { drawHospitals, drawStations, drawTowns, nameHospitals, nameStations, type Town } from "./layers/fixed";
import { drawIncidents, placeIncidents, type PlacedIncident } from "./layers/incidents";
import { drawUnits, placeUnits, type Placed } from "./layers/units";
import { drawClosures, drawRoutes, drawTrail } from "./layers/ways";
import { Taken } from "./labels";
import { NOTHING, type Scene } from "./marks";
import type { Palette } from "./palette";
import { dotsPerPixel, pixelsFrom, projector, type Spot, type View } from "./project";
import type { Brush } from "./layers/brush";
import { Sprites } from "./sprites";
import type { Shown } from "./shown.svelte";

/** What a pointer met. */
export type Hit =
  | { kind: "unit"; id: string }
  | { kind: "incident"; id: string }
  | { kind: "station"; id: string }
  | { kind: "closure"; id: string };

const REACH = 14;

export class Overlay {
  readonly canvas = document.createElement("canvas");
  scene: Scene = NOTHING;
  towns: readonly Town[] = [];
  /** Drawn last, by whoever edits something on the map. */
  sketch: ((brush: Brush) => void) | null = null;
  #units: readonly Placed[] = [];
  #incidents: readonly PlacedIncident[] = [];
  #beyond: readonly Beyond[] = [];
  #brush: Brush | null = null;
  #ratio = 0;
  readonly #sprites = new Sprites();
  readonly #context: CanvasRenderingContext2D;

  constructor() {
    this.canvas.className = "overlay";
    const context = this.canvas.getContext("2d");
    if (context === null) throw new Error("this browser draws no canvas");
    this.#context = context;
  }

  draw(view: View, palette: Palette, shown: Readonly<Shown>): void {
    this.#fit(view);
    const { canvas } = { canvas: this.#context };
    canvas.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    canvas.clearRect(0, 0, view.width, view.height);
    canvas.direction = "ltr";
    const brush: Brush = {
      canvas,
      palette,
      view,
      put: projector(view),
      labels: new Taken(),
      sprites: this.#sprites,
      ratio: this.#ratio,
    };
    this.#brush = brush;
    const { scene } = this;
    if (shown.stations) drawStations(brush, scene.stations);
    if (shown.hospitals) drawHospitals(brush, scene.hospitals);
    if (shown.closures) drawClosures(brush, scene.closures);
    drawRoutes(brush, scene.routes, scene.past);
    drawTrail(brush, scene.trail);
    this.#units = placeUnits(brush, scene.units);
    this.#incidents = placeIncidents(brush, scene.incidents);
    this.#beyond = placeBeyond(brush, scene.incidents);
    // Marks keep their ground from labels; of labels those of incidents and units come before those of what stands still.
    for (const { at } of this.#units) brush.labels.take({ x: at.x - 10, y: at.y - 10, width: 20, height: 20 });
    drawUnits(brush, this.#units, scene.past);
    drawIncidents(brush, this.#incidents, scene.past);
    drawTowns(brush, this.towns);
    if (shown.stations) nameStations(brush, scene.stations);
    if (shown.hospitals) nameHospitals(brush, scene.hospitals);
    drawBeyond(brush, this.#beyond, scene.past);
    this.sketch?.(brush);
  }

  /** What lies under a point of the screen, the topmost first. */
  hit(point: Spot, shown: Readonly<Shown>): Hit | null {
    const incident = this.#incidents.findLast(({ at }) => near(at, { x: point.x, y: point.y + 14 }, REACH + 4));
    if (incident !== undefined) return { kind: "incident", id: incident.mark.id };
    const beyond = this.#beyond.find(({ at }) => near(at, point, REACH));
    if (beyond !== undefined) return { kind: "incident", id: beyond.mark.id };
    const unit = this.#units.findLast(({ at }) => near(at, point, REACH));
    if (unit !== undefined) return { kind: "unit", id: unit.mark.id };
    const put = this.#brush?.put;
    if (put === undefined) return null;
    const station = shown.stations && this.scene.stations.find((one) => near(put(one.lat, one.lon), point, REACH));
    if (station) return { kind: "station", id: station.id };
    const closure =
      shown.closures &&
      this.scene.closures.find(({ lines }) =>
        lines.some(
          (line) =>
            pixelsFrom(
              point,
              line.map(([lon, lat]) => put(lat, lon)),
            ) <= REACH,
        ),
      );
    return closure ? { kind: "closure", id: closure.id } : null;
  }

  #fit(view: View): void {
    const ratio = dotsPerPixel(this.canvas);
    const width = Math.round(view.width * ratio);
    const height = Math.round(view.height * ratio);
    if (this.canvas.width !== width || this.canvas.height !== height || this.#ratio !== ratio) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.canvas.style.inlineSize = `${view.width}px`;
      this.canvas.style.blockSize = `${view.height}px`;
      this.#ratio = ratio;
    }
  }
}

function near(a: Spot, b: Spot, reach: number): boolean {
  return Math.abs(a.x - b.x) <= reach && Math.abs(a.y - b.y) <= reach;
}
