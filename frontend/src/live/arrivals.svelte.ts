/**
 * When vehicles under way will be there, by the id of their assignment. An arrival is told again only where it is another
 * one than the clock alone makes of it; in between it is counted down.
 */

import { moment } from "../format/time";
import type { Arriving } from "./protocol";
import type { Arrival } from "./rows";

/** An arrival as it stands at one moment. */
export interface Coming {
  goal: Arrival["goal"];
  lowS: number;
  highS: number;
  /** The clock time that is most likely; milliseconds since 1970. */
  at: number;
  /** No road is known, or the position is out of date: it may be quite another. */
  unsure: boolean;
}

export class Arrivals {
  byId = $state.raw<ReadonlyMap<string, Arrival>>(new Map());

  /** `now`: the service's time. */
  get(assignmentId: string | undefined, now: number): Coming | undefined {
    const known = assignmentId === undefined ? undefined : this.byId.get(assignmentId);
    return known && comingAt(known, now);
  }

  take(items: readonly Arriving[]): void {
    const next = new Map(this.byId);
    for (const { id, arrival } of items) {
      if (arrival === null) next.delete(id);
      else next.set(id, arrival);
    }
    this.byId = next;
  }

  /** These assignments are on the board no more. */
  drop(ids: readonly string[]): void {
    if (!ids.some((id) => this.byId.has(id))) return;
    this.byId = new Map([...this.byId].filter(([id]) => !ids.includes(id)));
  }

  forget(): void {
    this.byId = new Map();
  }
}

export function comingAt(arrival: Arrival, now: number): Coming {
  const gone = (now - (moment(arrival.computed_at) ?? now)) / 1_000;
  return {
    goal: arrival.goal,
    lowS: Math.max(0, arrival.low_s - gone),
    highS: Math.max(0, arrival.high_s - gone),
    at: Math.max(now, moment(arrival.at) ?? now),
    unsure: arrival.source !== "road" || arrival.stale,
  };
}
