/** A vehicle that is followed, as a small map shows it: old positions say so. */

import type { Schemas } from "../client/api";
import { age } from "../format/time";
import { freshness } from "../ui/timing";
import { ageLimits, SIGN_OF } from "../units/standing";
import type { UnitMark } from "./marks";

/** Slower than this it stands: its heading tells nothing. */
const MOVES_MPS = 1.5;

interface Vehicle {
  id: string;
  callSign: string;
  corps: boolean;
  status: Schemas["UnitStatus"];
}
interface Fix {
  lat: number;
  lon: number;
  fix_at: string;
  speed_mps?: number | null;
  heading_deg?: number | null;
}

export function vehicleMark(vehicle: Vehicle, fix: Fix, now: number): UnitMark {
  const ageMs = now - Date.parse(fix.fix_at);
  const fresh = freshness(ageMs, ageLimits(vehicle.status));
  return {
    id: vehicle.id,
    callSign: vehicle.callSign,
    system: vehicle.corps ? "corps" : "civil",
    sign: SIGN_OF[vehicle.status],
    tone: "working",
    level: "plain",
    lat: fix.lat,
    lon: fix.lon,
    headingDeg: (fix.speed_mps ?? 0) >= MOVES_MPS ? (fix.heading_deg ?? null) : null,
    age: fresh === "fresh" ? "" : age(ageMs),
    stale: fresh === "stale",
    stationId: "",
    home: false,
    selected: true,
    marked: false,
  };
}
