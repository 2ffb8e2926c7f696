/** Isochrones of a unit, a station or a place: what is reached within so many minutes, with the closures of now. */

import type { FeatureCollection, Geometry } from "geojson";
import { api } from "../client/api";
import { live } from "../live/store.svelte";
import { toldGeo } from "./geojson";

export const MINUTES = [5, 10, 15] as const;
const EMPTY: FeatureCollection = { type: "FeatureCollection", features: [] };

class Reach {
  areas = $state.raw<FeatureCollection>(EMPTY);
  /** Of what: a call sign, a station's name. "" while none is shown. */
  title = $state("");
  asking = $state(false);
  failed = $state(false);

  async around(title: string, lat: number, lon: number): Promise<void> {
    this.title = title;
    this.asking = true;
    this.failed = false;
    try {
      const query = { lat, lon, minutes: [...MINUTES] };
      const answer = await toldGeo<"IsochroneOut">(api.GET("/api/isochrone", { params: { query } }));
      if (this.title !== title) return;
      const features = answer.features.map(({ geometry, properties }, nth) => ({
        type: "Feature" as const,
        geometry: geometry as unknown as Geometry,
        properties: { minutes: properties.minutes, nth },
      }));
      this.areas = { type: "FeatureCollection", features: features.reverse() };
    } catch {
      this.areas = EMPTY;
      this.failed = true;
    } finally {
      this.asking = false;
    }
  }

  /** Around where a unit is now. */
  async ofUnit(id: string): Promise<void> {
    const row = live.units.get(id);
    if (row === undefined) return;
    const { lat, lon } = live.positions.get(id) ?? row.position;
    await this.around(row.call_sign, lat, lon);
  }

  clear(): void {
    this.title = "";
    this.areas = EMPTY;
    this.failed = false;
  }
}

export const reach = new Reach();
