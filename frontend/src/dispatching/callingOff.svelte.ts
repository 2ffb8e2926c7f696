/** Calling a unit off the incident in hand: not needed any more, still needed, or sent to a more urgent one instead. */

import { SvelteMap } from "svelte/reactivity";
import { orders as client, told } from "../client/api";
import { Acting } from "../client/acting.svelte";
import { boxes } from "../incidents/boxes.svelte";
import { live } from "../live/store.svelte";
import type { AssignmentRow } from "../live/rows";
import { orders } from "./orders.svelte";

export const WAYS = ["notNeeded", "stillNeeded", "divert"] as const;
export type Way = (typeof WAYS)[number];

export interface Choice {
  assignmentId: string;
  way: Way | null;
  /** The incident that a diverted unit goes to. */
  targetId: string;
}

class CallingOff extends Acting {
  readonly #choices = new SvelteMap<string, Choice>();

  /** What was chosen for an incident; a single unit needs no choosing. */
  choice(incidentId: string, units: readonly AssignmentRow[]): Choice {
    const known = this.#choices.get(incidentId);
    const here = units.some(({ id }) => id === known?.assignmentId);
    return {
      assignmentId: (here ? known?.assignmentId : units.length === 1 ? units[0]?.id : "") ?? "",
      way: known?.way ?? null,
      targetId: known?.targetId ?? "",
    };
  }

  choose(incidentId: string, units: readonly AssignmentRow[], change: Partial<Choice>): void {
    this.#choices.set(incidentId, { ...this.choice(incidentId, units), ...change });
  }

  need({ assignmentId, way, targetId }: Choice): "unit" | "reason" | "target" | null {
    if (assignmentId === "") return "unit";
    if (way === null) return "reason";
    return way === "divert" && live.incidents.get(targetId) === undefined ? "target" : null;
  }

  async act(incidentId: string, units: readonly AssignmentRow[]): Promise<void> {
    const choice = this.choice(incidentId, units);
    const row = units.find(({ id }) => id === choice.assignmentId);
    if (row === undefined || this.need(choice) !== null) return;
    if (!(choice.way === "divert" ? await this.#divert(row, choice.targetId) : await this.#end(row, choice.way)))
      return;
    this.#choices.delete(incidentId);
    boxes.close();
  }

  async #end(row: AssignmentRow, way: Way | null): Promise<boolean> {
    return this.run(async () => {
      const sent = { params: { path: { assignment_id: row.id } }, body: { version: row.version } };
      const ended =
        way === "notNeeded"
          ? client.POST("/api/assignments/{assignment_id}/cancel", sent)
          : client.POST("/api/assignments/{assignment_id}/stand-down", sent);
      live.assignments.merge([await told(ended)]);
    });
  }

  /** An order like any other: what became of it is told where orders are told. */
  async #divert(row: AssignmentRow, targetId: string): Promise<boolean> {
    const [unit, target] = [live.units.get(row.unit_id), live.incidents.get(targetId)];
    if (unit === undefined || target === undefined) return false;
    await orders.send(unit, target, { divert: true });
    return orders.outcome?.kind === "sent";
  }
}

export const callingOff = new CallingOff();
