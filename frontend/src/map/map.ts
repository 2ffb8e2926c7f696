/**
 * The one map of the console. It lives outside the component tree: a component only lends it a place (`into`), so that
 * nothing is loaded twice, whatever is opened over it.
 */

import "maplibre-gl/dist/maplibre-gl.css";
import type { FeatureCollection } from "geojson";
import {
  Map as MapLibre,
  setWorkerUrl,
  type GeoJSONSource,
  type LngLatBoundsLike,
  type PaddingOptions,
  type MapMouseEvent,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import type { Language } from "../i18n/index.svelte";
import { areaLayers, AREAS, REACHES } from "./areas";
import type { Town } from "./layers/fixed";
import type { Scene } from "./marks";
import { Overlay, type Hit } from "./overlay";
import { readPalette, type Palette } from "./palette";
import { dotsPerPixel, type Spot, type View } from "./project";
import { shown } from "./shown.svelte";
import { styleOf, TILES } from "./style";

setWorkerUrl(workerUrl);

const FLIGHT_MS = 400;
const CLOSE_ZOOM = 13;
const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };

export interface Told {
  /** Somebody pointed at something, or at bare ground. */
  pointed(hit: Hit | null, place: { lat: number; lon: number }, event: MouseEvent): void;
  /** The view has moved. */
  moved(view: View): void;
}

export class RoadMap {
  readonly overlay = new Overlay();
  readonly #box = document.createElement("div");
  readonly #map: MapLibre;
  readonly #resized: ResizeObserver;
  #palette: Palette = readPalette();
  #language: Language;
  #asked = 0;
  #bounds: LngLatBoundsLike | null;
  #areas: FeatureCollection = EMPTY;
  #reaches: FeatureCollection = EMPTY;

  constructor(language: Language, bounds: LngLatBoundsLike, told: Told) {
    this.#language = language;
    this.#bounds = bounds;
    this.#box.className = "map-box";
    this.#map = new MapLibre({
      container: this.#box,
      style: styleOf(this.#palette, language, location.origin),
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      rollEnabled: false,
      maxPitch: 0,
      minZoom: 4,
      maxZoom: 18,
      fadeDuration: 0,
      // A click right after a drag is no double click: dispatchers are quick.
      doubleClickZoom: false,
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    this.#map.getCanvasContainer().append(this.overlay.canvas);
    this.#map.on("render", () => this.#paint());
    this.#map.on("move", () => told.moved(this.view));
    this.#map.on("load", () => {
      this.#addAreas();
      told.moved(this.view);
    });
    this.#map.on("styledata", () => this.#addAreas());
    this.#map.on("idle", () => this.#readTowns());
    // A tile that did not come is asked for again when the view moves; that the link is lost is told by the banner.
    this.#map.on("error", () => undefined);
    const pointed = ({ point, lngLat, originalEvent }: MapMouseEvent): void => {
      if (this.#bounds === null) told.pointed(this.#hit(point), place(lngLat.wrap()), originalEvent);
    };
    this.#map.on("click", pointed);
    this.#map.on("contextmenu", pointed);
    this.#map.on("mousemove", (event) => {
      this.#map.getCanvas().style.cursor = this.#hit(event.point) === null ? "" : "pointer";
    });
    this.#resized = new ResizeObserver(() => this.#sized());
    this.#resized.observe(this.#box);
  }

  /** Lend the map a place. */
  into(element: HTMLElement): void {
    element.replaceChildren(this.#box);
    this.#map.setPixelRatio(dotsPerPixel(this.#box));
    this.#sized();
  }

  /** A region is fitted once the map has a size to fit it into; before that it would stay over the Gulf of Guinea. */
  #sized(): void {
    this.#map.resize();
    const { width, height } = this.view;
    if (this.#bounds === null || width === 0 || height === 0) return;
    this.frame(this.#bounds);
    this.#bounds = null;
  }

  /** It is not shown again: everything that it holds is given back. */
  end(): void {
    cancelAnimationFrame(this.#asked);
    this.#resized.disconnect();
    this.#map.remove();
    this.#box.remove();
  }

  /** Show the whole of a region, or of an area. */
  frame(bounds: LngLatBoundsLike): void {
    this.#map.fitBounds(bounds, { padding: this.#room(), duration: 0 });
  }

  /** Kept free around what is fitted: for the panels above and below, and for names. */
  #room(): PaddingOptions {
    const { width, height } = this.view;
    const [across, down] = [Math.min(90, width / 6), Math.min(64, height / 6)];
    return { top: down, bottom: down, left: across, right: across };
  }

  get view(): View {
    const { lat, lng } = this.#map.getCenter();
    const { clientWidth, clientHeight } = this.#map.getContainer();
    return { lat, lon: lng, zoom: this.#map.getZoom(), width: clientWidth, height: clientHeight };
  }

  /** For whoever measures one way of drawing against another; the console itself leaves it alone. */
  get library(): MapLibre {
    return this.#map;
  }

  get idle(): boolean {
    return this.#map.loaded() && !this.#map.isMoving();
  }

  show(scene: Scene): void {
    this.overlay.scene = scene;
    this.redraw();
  }

  /** Draw once more before the next frame; asked for often, done once. */
  redraw(): void {
    if (this.#asked !== 0) return;
    this.#asked = requestAnimationFrame(() => this.#paint());
  }

  /** New colours, new language: the roads are drawn anew, the view stays. */
  dress(language: Language): void {
    const palette = readPalette();
    this.#map.setPixelRatio(dotsPerPixel(this.#box));
    if (language === this.#language && palette.land === this.#palette.land) return;
    this.#palette = palette;
    this.#language = language;
    this.overlay.towns = [];
    this.#map.setStyle(styleOf(this.#palette, language, location.origin), { diff: false });
    this.redraw();
  }

  /** Where everything below a lost link is only of the past. */
  fade(faded: boolean): void {
    this.#map.getCanvas().style.filter = faded ? "saturate(0.25) opacity(0.75)" : "";
  }

  /** Go to a place; nearer, if it is looked at from far away. */
  goTo(lat: number, lon: number): void {
    this.#map.easeTo({ center: [lon, lat], zoom: Math.max(this.#map.getZoom(), CLOSE_ZOOM), duration: FLIGHT_MS });
  }

  /** Keep a place in the middle without a change of zoom. */
  centre(lat: number, lon: number): void {
    this.#map.easeTo({ center: [lon, lat], duration: FLIGHT_MS });
  }

  /** Bring places into view together; nothing moves while all are well inside already. */
  gather(places: readonly { lat: number; lon: number }[]): void {
    const [first] = places;
    if (first === undefined) return;
    const bounds = this.#map.getBounds();
    const { width, height } = this.view;
    const inView = places.every(({ lat, lon }) => bounds.contains([lon, lat]));
    if (inView && this.#map.getZoom() > 9) return;
    const lats = places.map(({ lat }) => lat);
    const lons = places.map(({ lon }) => lon);
    const box: LngLatBoundsLike = [
      [Math.min(...lons), Math.min(...lats)],
      [Math.max(...lons), Math.max(...lats)],
    ];
    const padding = Math.min(80, width / 6, height / 6);
    this.#map.fitBounds(box, { padding, maxZoom: 14.5, duration: FLIGHT_MS });
  }

  zoomBy(steps: number): void {
    this.#map.easeTo({ zoom: this.#map.getZoom() + steps, duration: FLIGHT_MS / 2 });
  }

  /** Areas of organisations; an empty collection hides them. */
  setAreas(areas: FeatureCollection): void {
    this.#areas = areas;
    this.#source(AREAS)?.setData(areas);
  }

  /** Isochrones. */
  setReaches(reaches: FeatureCollection): void {
    this.#reaches = reaches;
    this.#source(REACHES)?.setData(reaches);
  }

  #source(id: string): GeoJSONSource | undefined {
    return this.#map.getSource<GeoJSONSource>(id);
  }

  #addAreas(): void {
    if (!this.#map.isStyleLoaded() || this.#source(AREAS) !== undefined) return;
    this.#map.addSource(AREAS, { type: "geojson", data: this.#areas });
    this.#map.addSource(REACHES, { type: "geojson", data: this.#reaches });
    for (const layer of areaLayers(this.#palette)) this.#map.addLayer(layer, "small");
  }

  #readTowns(): void {
    if (this.#language !== "ug") return;
    const seen = new Map<string, Town>();
    for (const { properties, geometry } of this.#map.querySourceFeatures(TILES, { sourceLayer: "places" })) {
      const name = String(properties.name_ug ?? properties.name_zh ?? properties.name ?? "");
      if (name === "" || geometry.type !== "Point" || properties.kind === "hospital") continue;
      const [lon = 0, lat = 0] = geometry.coordinates;
      seen.set(`${name}${lat.toFixed(3)}${lon.toFixed(3)}`, { name, kind: String(properties.kind), lat, lon });
    }
    this.overlay.towns = [...seen.values()].sort((a, b) => rank(a.kind) - rank(b.kind));
    this.redraw();
  }

  #hit(point: Spot): Hit | null {
    return this.overlay.hit(point, shown);
  }

  #paint(): void {
    cancelAnimationFrame(this.#asked);
    this.#asked = 0;
    this.overlay.draw(this.view, this.#palette, shown);
  }
}

function rank(kind: string): number {
  const at = ["city", "town", "regiment"].indexOf(kind);
  return at < 0 ? 9 : at;
}

function place({ lat, lng }: { lat: number; lng: number }): { lat: number; lon: number } {
  return { lat, lon: lng };
}
