/** Plans of legs for one patient, asked for anew while they are looked at: roads, vehicles and the sky change. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../../client/api";
import type { Mode } from "../request/form";
import type { Times } from "./axis";
import { letterOf, type LegShown, type Track } from "./planned";

export interface Wanted {
  centre: string;
  origin: string;
  bed: string | null;
  mode: Mode;
  onCircuit: boolean;
  fitToMove: boolean;
  /** The mission's vehicle, where it has one. */
  unitId: string | null;
}

export interface PlanShown {
  letter: string;
  kind: Told["kind"];
  recommended: boolean;
  hindrances: readonly string[];
  /** What speaks against its flight, in codes. */
  objections: readonly { why: string; place: string; has: number | null; needs: number | null }[];
  /** Of a plan by air: its aircraft, and whether it can fly. */
  flight: { aircraft: string; sky: "go" | "no_go" | "unknown" } | null;
  moves: boolean;
  via: string | null;
  circuit: Times;
  bed: Times;
  distanceM: number;
  people: number;
  drivers: number;
  legs: readonly LegShown[];
  risks: readonly { risk: string; level: string; value: number | null }[];
  /** The vehicles that it takes from the 120 network. */
  takes: readonly { callSign: string; track: Track; until: Times; waits: CoverLoss | null }[];
}

/** Of the stations that wait longer: the one that waits the longest, and how many there are. */
export interface CoverLoss {
  stations: number;
}

export interface Compared {
  atMs: number;
  plans: readonly PlanShown[];
}

type Told = Schemas["PlansOut"]["plans"][number];

const EVERY_MS = 60_000;
const times = ({ likely_s, slow_s }: Told["to_circuit"]): Times => ({ likely: likely_s, slow: slow_s });

export class Plans {
  shown = $state.raw<Compared | null>(null);
  /** Why nothing newer is shown: a code, "" for no answer; null: nothing is wrong. */
  failed = $state<string | null>(null);
  busy = $state(false);
  #wanted: Wanted | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #question = 0;

  /** Compare for somebody else; what was asked before and comes late is thrown away. */
  want(wanted: Wanted | null): void {
    if (JSON.stringify(wanted) === JSON.stringify(this.#wanted)) return;
    this.#wanted = wanted;
    this.shown = null;
    void this.look();
  }

  stop(): void {
    this.#question += 1;
    this.#wanted = null;
    clearTimeout(this.#timer);
  }

  async look(): Promise<void> {
    clearTimeout(this.#timer);
    const wanted = this.#wanted;
    if (wanted === null) return;
    const question = ++this.#question;
    this.busy = true;
    try {
      const query = {
        centre: wanted.centre,
        origin: wanted.origin,
        ...(wanted.bed === null ? {} : { bed: wanted.bed }),
        mode: wanted.mode,
        on_circuit: wanted.onCircuit,
        fit_to_move: wanted.fitToMove,
        ...(wanted.unitId === null ? {} : { unit_id: wanted.unitId }),
      };
      const found = await told(api.GET("/api/ecmo/plans", { params: { query } }));
      if (question !== this.#question) return;
      this.shown = comparedOf(found);
      this.failed = null;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      if (question !== this.#question) return;
      this.failed = error instanceof Refusal ? error.code : "";
    } finally {
      if (question === this.#question) {
        this.busy = false;
        this.#timer = setTimeout(() => void this.look(), EVERY_MS);
      }
    }
  }
}

export function comparedOf({ at, plans, cover }: Schemas["PlansOut"]): Compared {
  const stations = new Map(cover.map((one) => [one.unit_id, one.stations.length]));
  return { atMs: Date.parse(at), plans: plans.map((one, place) => shownOf(one, letterOf(place), stations)) };
}

function shownOf(one: Told, letter: string, stations: ReadonlyMap<string, number>): PlanShown {
  return {
    letter,
    kind: one.kind,
    recommended: one.recommended,
    hindrances: one.hindrances,
    objections: one.flight?.objections ?? [],
    flight: one.flight === null ? null : { aircraft: one.flight.aircraft, sky: one.flight.sky },
    moves: one.moves_uncannulated,
    via: one.via,
    circuit: times(one.to_circuit),
    bed: times(one.to_bed),
    distanceM: one.distance_m,
    people: one.people,
    drivers: one.drivers,
    legs: one.legs.map((leg) => ({
      kind: leg.kind,
      tracks: leg.tracks,
      begins: times(leg.begins),
      ends: times(leg.ends),
      distanceM: leg.distance_m,
    })),
    risks: one.risks,
    takes: one.takes.map((taken) => {
      const count = stations.get(taken.unit_id) ?? 0;
      return {
        callSign: taken.call_sign,
        track: taken.track,
        until: times(taken.until),
        waits: count > 0 ? { stations: count } : null,
      };
    }),
  };
}
