/** What stands still and is asked for once: stations, hospitals, the region's areas, and its extent. */

import type { FeatureCollection, Geometry } from "geojson";
import { api, told, type Schemas } from "../client/api";
import type { System } from "../live/rows";
import { toldGeo } from "./geojson";
import { areasOf, systemAt, type Area } from "./within";

export type Station = Schemas["StationOut"];
export type Hospital = Schemas["HospitalOut"];

/** To go on from after the page was loaded anew. */
export type KeptGround = Pick<Ground, "stations" | "hospitals" | "areas" | "owned">;
type Owned = readonly [organisation: readonly Area[], urban: readonly Area[], county: readonly Area[]];
const LEVELS = ["organisation", "urban", "county"] as const;

class Ground {
  stations = $state.raw<readonly Station[]>([]);
  hospitals = $state.raw<readonly Hospital[]>([]);
  /** Areas of organisations, each with its `system`. */
  areas = $state.raw<FeatureCollection>({ type: "FeatureCollection", features: [] });
  /** Whose ground it is: areas of organisations, else built-up ground, else counties. */
  owned = $state.raw<Owned>([[], [], []]);

  kept(): KeptGround {
    const { stations, hospitals, areas, owned } = this;
    return { stations, hospitals, areas, owned };
  }

  restore({ stations, hospitals, areas, owned }: KeptGround): void {
    Object.assign(this, { stations, hospitals, areas, owned });
  }

  /** In whose area a place is; null where nobody's is known. */
  systemAt(lat: number | null, lon: number | null): System | null {
    return lat === null || lon === null ? null : systemAt(this.owned, lat, lon);
  }

  async load(): Promise<void> {
    const [stations, hospitals, zones] = await Promise.all([
      told(api.GET("/api/stations")),
      told(api.GET("/api/hospitals")),
      toldGeo<"ZonesOut">(api.GET("/api/zones")),
    ]);
    this.stations = stations.stations;
    this.hospitals = hospitals.hospitals;
    const systems = new Map(stations.stations.map((one) => [one.organisation, one.system]));
    const [organisation, urban, county] = LEVELS.map((kind): FeatureCollection => ({
      type: "FeatureCollection",
      features: zones.features
        .filter(({ properties }) => properties.kind === kind && systems.has(properties.organisation))
        .map(({ geometry, properties }) => ({
          type: "Feature",
          geometry: geometry as unknown as Geometry,
          properties: { system: systems.get(properties.organisation) },
        })),
    })) as [FeatureCollection, FeatureCollection, FeatureCollection];
    this.areas = organisation;
    this.owned = [areasOf(organisation), areasOf(urban), areasOf(county)];
  }

  /** Around all stations and hospitals, a little wider: [[west, south], [east, north]]. */
  get bounds(): [[number, number], [number, number]] | null {
    const places = [...this.stations, ...this.hospitals];
    if (places.length === 0) return null;
    const lons = places.map(({ lon }) => lon);
    const lats = places.map(({ lat }) => lat);
    return [
      [Math.min(...lons), Math.min(...lats)],
      [Math.max(...lons), Math.max(...lats)],
    ];
  }
}

export const ground = new Ground();
