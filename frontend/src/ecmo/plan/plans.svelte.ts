/** Plans of legs for one patient, asked for anew while they are looked at: roads, vehicles and the sky change. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../../client/api";
import type { Mode } from "../request/form";
import type { Times } from "./axis";
import { ARROW, isFlight, letterOf, Places, type LegShown, type Track } from "./planned";

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
  /** From 0, and its letter: its own as long as plans are compared for this patient. */
  place: number;
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
  #places = new Places();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #question = 0;

  /** Compare for somebody else; what was asked before and comes late is thrown away. */
  want(wanted: Wanted | null): void {
    if (JSON.stringify(wanted) === JSON.stringify(this.#wanted)) return;
    if (journeyOf(wanted) !== journeyOf(this.#wanted)) this.#places = new Places();
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
      this.shown = comparedOf(found, this.#places);
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

/** From where to where: said fit to be moved, or given a vehicle, it is the same journey, and its plans keep their letters. */
function journeyOf(wanted: Wanted | null): string {
  return wanted === null ? "" : [wanted.centre, wanted.origin, wanted.bed ?? wanted.centre].join(" ");
}

/** In the order in which they were first seen: the best first, then. */
export function comparedOf({ at, plans, cover }: Schemas["PlansOut"], places: Places): Compared {
  const stations = new Map(cover.map((one) => [one.unit_id, one.stations.length]));
  const shown = plans.map((one) => {
    const place = places.of({ kind: one.kind, via: one.via, aircraft: one.flight?.aircraft ?? null });
    return shownOf(one, place, stations);
  });
  return { atMs: Date.parse(at), plans: shown.sort((a, b) => a.place - b.place) };
}

function shownOf(one: Told, place: number, stations: ReadonlyMap<string, number>): PlanShown {
  return {
    place,
    letter: letterOf(place),
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
      hop: isFlight(leg.kind) ? `${leg.start}${ARROW}${leg.goal}` : null,
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
