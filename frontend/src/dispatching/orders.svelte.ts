/**
 * Orders to units: sent at once, taken back within eight seconds, never sent a second time by themselves. What became of
 * an order is told until the next one; who has a unit that was wanted, by name.
 */

import { NoAnswer, orders as client, Refusal, told } from "../client/api";
import { moment } from "../format/time";
import { live } from "../live/store.svelte";
import type { AssignmentRow, IncidentRow, UnitRow, UnitStatus } from "../live/rows";
import { replay } from "../replay/replay.svelte";
import { recommendation, type Offer } from "./recommendation.svelte";

export const OVERRIDE_REASONS = [
  "knows_better",
  "road",
  "capability",
  "coverage",
  "crew",
  "agreed_with_owner",
  "no_answer",
  "other",
] as const;
export type OverrideReason = (typeof OVERRIDE_REASONS)[number];
export type Outcome =
  | { kind: "sending"; callSign: string; number: string }
  | { kind: "sent"; callSign: string; number: string; assignment: AssignmentRow }
  | { kind: "undone"; callSign: string; number: string }
  | { kind: "status"; callSign: string }
  | { kind: "refused"; callSign: string; code: string; takenBy: string }
  /** Nobody knows whether it arrived: the board tells. */
  | { kind: "unanswered"; callSign: string };

class Orders {
  outcome = $state.raw<Outcome | null>(null);
  /** Milliseconds left to take the last order back; 0: too late, or there is none. */
  readonly undoMs: number = $derived.by(() => {
    const { outcome } = this;
    if (outcome?.kind !== "sent") return 0;
    return Math.max(0, (moment(outcome.assignment.undo_until) ?? 0) - live.clock.second);
  });
  /** The assignment whose override has no reason yet. */
  readonly reasonOwed: string | null = $derived.by(() => {
    const { outcome } = this;
    if (outcome?.kind !== "sent") return null;
    const { id, overridden, override_reason } = live.assignments.get(outcome.assignment.id) ?? outcome.assignment;
    return overridden && override_reason === null ? id : null;
  });
  #busy = false;

  async send(
    unit: Pick<UnitRow, "id" | "call_sign" | "version">,
    incident: IncidentRow,
    more: SendMore = {},
  ): Promise<void> {
    if (this.#busy || live.lost || replay.on) return;
    const { call_sign: callSign } = unit;
    const about = { callSign, number: incident.number };
    const shown = recommendation.value?.incident_id === incident.id ? recommendation.value : null;
    const offer = shown?.offers.find((one) => one.unit_id === unit.id);
    this.outcome = { kind: "sending", ...about };
    await this.#told(callSign, async () => {
      const assignment = await told(
        client.POST("/api/incidents/{incident_id}/assignments", {
          params: { path: { incident_id: incident.id }, header: { "idempotency-key": crypto.randomUUID() } },
          body: {
            unit_id: unit.id,
            recommendation_id: shown?.id ?? null,
            // As the board shows it now: the list beside it may be older.
            status_version: unit.version,
            divert: offer?.diverted_from != null,
            ...more,
          },
        }),
      );
      this.outcome = { kind: "sent", ...about, assignment };
    });
  }

  /** Send what the list offers in this place; false when nothing there can be sent. */
  sendOffer(offer: Offer | undefined, incident: IncidentRow, more: SendMore = {}): boolean {
    const unit = offer && live.units.get(offer.unit_id);
    if (!offer?.can_go || unit === undefined) return false;
    void this.send(unit, incident, more);
    return true;
  }

  /** Send two units, one after the other; the second goes even where the first was refused. */
  async sendBoth(first: Offer, second: Offer, incident: IncidentRow): Promise<void> {
    for (const offer of [first, second]) {
      const unit = live.units.get(offer.unit_id);
      if (unit) await this.send(unit, incident);
    }
  }

  /** Why another than the first choice was sent. */
  async explain(reason: OverrideReason): Promise<void> {
    const { reasonOwed: assignment_id, outcome } = this;
    if (assignment_id === null || outcome?.kind !== "sent") return;
    await this.#told(outcome.callSign, async () => {
      const path = { params: { path: { assignment_id } } };
      const assignment = await told(
        client.POST("/api/assignments/{assignment_id}/explain", { ...path, body: { reason } }),
      );
      this.outcome = { ...outcome, assignment };
    });
  }

  /** Take the last order back while that can be done. */
  undoLast(): boolean {
    const { outcome } = this;
    if (this.undoMs === 0 || outcome?.kind !== "sent") return false;
    const { callSign, number, assignment } = outcome;
    void this.#told(callSign, async () => {
      await told(
        client.POST("/api/assignments/{assignment_id}/undo", { params: { path: { assignment_id: assignment.id } } }),
      );
      this.outcome = { kind: "undone", callSign, number };
    });
    return true;
  }

  /** A status that was heard by radio. */
  async status(unit: Pick<UnitRow, "id" | "call_sign" | "version">, status: UnitStatus): Promise<void> {
    const { call_sign: callSign } = unit;
    await this.#told(callSign, async () => {
      await told(
        client.POST("/api/fleet/{unit_id}/status", {
          params: { path: { unit_id: unit.id } },
          body: { status, source: "voice", version: unit.version },
        }),
      );
      this.outcome = { kind: "status", callSign };
    });
  }

  async #told(callSign: string, act: () => Promise<void>): Promise<void> {
    this.#busy = true;
    try {
      await act();
    } catch (error) {
      if (error instanceof Refusal)
        this.outcome = { kind: "refused", callSign, code: error.code, takenBy: takenBy(error) };
      else if (error instanceof NoAnswer) this.outcome = { kind: "unanswered", callSign };
      else throw error;
    } finally {
      this.#busy = false;
    }
  }
}

interface SendMore {
  reason?: OverrideReason;
  /** Take it from the less urgent incident that it is on its way to. */
  divert?: boolean;
}

/** The incident that has the unit that was wanted: "" when that is not why. */
function takenBy(refusal: Refusal): string {
  const { current } = refusal.problem as { current?: { incident_number?: string } | null };
  return current?.incident_number ?? "";
}

export const orders = new Orders();
