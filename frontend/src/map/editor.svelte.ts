/** A closure as it is being drawn: a street, a circle or an area; for how long, how much, and why. */

import { api, told, type Schemas } from "../client/api";
import { troubleWords } from "../i18n/refusals";
import { live } from "../live/store.svelte";
import { drawText, traceLine, type Brush } from "./layers/brush";
import { closures } from "./closures.svelte";
import type { Line } from "./geojson";
import { distance } from "../format/measures";
import { metresBetween, type Place } from "./measure";

export type Shape = "street" | "circle" | "polygon";
/** A stretch of road, with its line as [lon, lat]. */
export type Stretch = Omit<Schemas["StretchOut"], "line"> & { line: Line };
const HOUR_MS = 3_600_000;
export const HOURS = [1, 4, 12] as const;
export const FACTORS = [0, 0.3, 0.6] as const;
const LEAST_RADIUS_M = 20;
const FIRST_RADIUS_M = 300;
const LEAST_CORNERS = 3;

class ClosureEditor {
  shape = $state<Shape | null>(null);
  stretches = $state.raw<readonly Stretch[]>([]);
  corners = $state.raw<readonly Place[]>([]);
  centre = $state.raw<Place | null>(null);
  radiusM = $state(FIRST_RADIUS_M);
  factor = $state<number>(0);
  /** Milliseconds since 1970. Null: from now, until it is lifted. */
  from = $state<number | null>(null);
  until = $state<number | null>(null);
  reason = $state("");
  sending = $state(false);
  refused = $state("");

  /** What is still missing before it can be sent. */
  readonly missing: "place" | "times" | "reason" | null = $derived.by(() => {
    const placed = {
      street: this.stretches.length > 0,
      circle: this.centre !== null,
      polygon: this.corners.length >= LEAST_CORNERS,
    };
    if (this.shape === null || !placed[this.shape]) return "place";
    if (this.until !== null && this.until <= (this.from ?? live.clock.now())) return "times";
    return this.reason.trim() === "" ? "reason" : null;
  });

  begin(shape: Shape): void {
    this.shape = shape;
    this.refused = "";
  }

  /** Nothing is kept of what was drawn. */
  end(): void {
    this.shape = null;
    this.stretches = [];
    this.corners = [];
    this.centre = null;
    this.radiusM = FIRST_RADIUS_M;
    this.factor = 0;
    this.from = null;
    this.until = null;
    this.reason = "";
    this.refused = "";
  }

  /** The last point or stretch is taken back. */
  back(): void {
    if (this.shape === "street") this.stretches = this.stretches.slice(0, -1);
    if (this.shape === "polygon") this.corners = this.corners.slice(0, -1);
    if (this.shape === "circle") this.centre = null;
  }

  /** Somebody has pointed at a place of the map. */
  async point(place: Place): Promise<void> {
    this.refused = "";
    if (this.shape === "polygon") this.corners = [...this.corners, place];
    if (this.shape === "circle") {
      if (this.centre === null) this.centre = place;
      else this.radiusM = Math.max(LEAST_RADIUS_M, Math.round(metresBetween(this.centre, place) / 10) * 10);
    }
    if (this.shape === "street") await this.#stretch(place);
  }

  async #stretch(place: Place): Promise<void> {
    try {
      const found = (await told(api.GET("/api/roads/at", { params: { query: place } }))) as unknown as Stretch;
      const key = found.edges.join();
      const had = this.stretches.some(({ edges }) => edges.join() === key);
      this.stretches = had ? this.stretches.filter(({ edges }) => edges.join() !== key) : [...this.stretches, found];
    } catch (error) {
      this.refused = troubleWords(error);
    }
  }

  /** For so many hours from its beginning. */
  lasts(hours: number): void {
    this.until = (this.from ?? live.clock.now()) + hours * HOUR_MS;
  }

  async send(): Promise<void> {
    if (this.missing !== null || this.sending) return;
    this.sending = true;
    this.refused = "";
    try {
      await closures.add(this.#body());
      this.end();
    } catch (error) {
      this.refused = troubleWords(error);
    } finally {
      this.sending = false;
    }
  }

  #body(): Schemas["ClosureIn"] {
    const common = {
      reason: this.reason.trim(),
      speed_factor: this.factor,
      active_from: iso(this.from),
      active_until: iso(this.until),
    };
    if (this.shape === "circle") return { ...common, centre: this.centre, radius_m: this.radiusM };
    if (this.shape === "street") {
      const [first] = this.stretches;
      const edges = this.stretches.flatMap((one) => one.edges);
      return { ...common, edges, network_version: first?.network_version ?? null };
    }
    const ring = this.corners.map(({ lat, lon }) => [lon, lat]);
    const polygon = { type: "Polygon", coordinates: [[...ring, ring[0]]] };
    return { ...common, polygon: polygon as unknown as Record<string, never> };
  }

  /** Draw what there is so far. */
  draw(brush: Brush, metresPerPixel: number): void {
    const { canvas, palette, put } = brush;
    canvas.save();
    canvas.strokeStyle = canvas.fillStyle = palette.focus;
    if (this.shape !== null) cross(brush);
    canvas.lineWidth = 3;
    for (const { line } of this.stretches) {
      traceLine(brush, line);
      canvas.lineWidth = 7;
      canvas.globalAlpha = 0.8;
      canvas.stroke();
    }
    if (this.corners.length > 0) {
      traceLine(
        brush,
        this.corners.map(({ lat, lon }) => [lon, lat] as const),
      );
      if (this.corners.length >= LEAST_CORNERS) canvas.closePath();
      canvas.globalAlpha = 0.15;
      canvas.fill();
      canvas.globalAlpha = 1;
      canvas.lineWidth = 2;
      canvas.stroke();
      for (const { lat, lon } of this.corners) {
        const { x, y } = put(lat, lon);
        canvas.fillRect(x - 3, y - 3, 6, 6);
      }
    }
    if (this.centre !== null) {
      const { x, y } = put(this.centre.lat, this.centre.lon);
      canvas.beginPath();
      canvas.arc(x, y, this.radiusM / metresPerPixel, 0, 2 * Math.PI);
      canvas.globalAlpha = 0.15;
      canvas.fill();
      canvas.globalAlpha = 1;
      canvas.lineWidth = 2;
      canvas.stroke();
      drawText(brush, distance(this.radiusM), x, y, { size: 12, bold: true, color: palette.text });
    }
    canvas.restore();
  }
}

/** Where Enter points. */
function cross({ canvas, view }: Brush): void {
  const { x, y } = { x: view.width / 2, y: view.height / 2 };
  canvas.lineWidth = 1.5;
  canvas.beginPath();
  canvas.moveTo(x - 9, y);
  canvas.lineTo(x + 9, y);
  canvas.moveTo(x, y - 9);
  canvas.lineTo(x, y + 9);
  canvas.stroke();
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

export const editor = new ClosureEditor();
