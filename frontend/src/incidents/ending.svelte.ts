/** Ending an incident: cancelled with a reason while nobody was there, closed when every patient has an outcome. */

import { SvelteMap } from "svelte/reactivity";
import { orders as client, told, type Schemas } from "../client/api";
import { Acting } from "../client/acting.svelte";
import { live } from "../live/store.svelte";
import type { IncidentRow } from "../live/rows";
import { boxes } from "./boxes.svelte";

export type CancelReason = Schemas["CancelReason"];
export const CANCEL_REASONS = [
  "caller_cancelled",
  "duplicate",
  "no_emergency",
  "own_transport",
  "advice_only",
  "passed_on",
  "malicious",
  "entered_in_error",
  "drill",
] as const satisfies readonly CancelReason[];

/** What was chosen for an incident, kept until it is over. */
export interface Chosen {
  reason: CancelReason | null;
  duplicateOf: string;
}
const NOTHING: Chosen = { reason: null, duplicateOf: "" };

class Ending extends Acting {
  readonly #chosen = new SvelteMap<string, Chosen>();

  chosen(incidentId: string): Chosen {
    return this.#chosen.get(incidentId) ?? NOTHING;
  }

  choose(incidentId: string, change: Partial<Chosen>): void {
    this.#chosen.set(incidentId, { ...this.chosen(incidentId), ...change });
  }

  /** How it can end: once somebody was there it is closed, before that cancelled. */
  way(row: IncidentRow): "cancel" | "close" {
    return row.state === "on_scene" ? "close" : "cancel";
  }

  /** What must still be chosen; null: nothing. */
  need(row: IncidentRow): "reason" | "duplicate" | null {
    if (this.way(row) === "close") return null;
    const { reason, duplicateOf } = this.chosen(row.id);
    if (reason === null) return "reason";
    return reason === "duplicate" && duplicateOf === "" ? "duplicate" : null;
  }

  /** End it as it is seen here: when somebody else was quicker, the service says so and tells what it is now. */
  async end(row: IncidentRow): Promise<void> {
    const params = { path: { incident_id: row.id } };
    const { version } = row;
    const { reason, duplicateOf } = this.chosen(row.id);
    const way = this.way(row);
    if (this.need(row) !== null) return;
    const done = await this.run(async () => {
      const ended =
        way === "close" || reason === null
          ? await told(client.POST("/api/incidents/{incident_id}/close", { params, body: { version } }))
          : await told(
              client.POST("/api/incidents/{incident_id}/cancel", {
                params,
                body: { reason, version, duplicate_of: reason === "duplicate" ? duplicateOf : null },
              }),
            );
      live.incidents.merge([ended]);
    });
    if (!done) return;
    this.#chosen.delete(row.id);
    boxes.close();
  }
}

export const ending = new Ending();
