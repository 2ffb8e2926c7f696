/** The command line: what is typed, what it would do, and doing it. */

import { ordersHeld } from "../client/gate";
import { incidentBoard, type BoardIncident } from "../incidents/board.svelte";
import { live } from "../live/store.svelte";
import { orders } from "../dispatching/orders.svelte";
import { selection } from "../shell/selection.svelte";
import { fleet, type BoardUnit } from "../units/fleet.svelte";
import { parse, type Parsed, type Verb } from "./parse";

export type Trouble = "incomplete" | "unknown" | "held" | "no-such";

class Commands {
  text = $state("");
  /** Which of several units that the words may mean. */
  #candidate = $state(0);
  /** Why the last Enter did nothing; gone with the next letter. */
  #refused = $state<{ text: string; trouble: Trouble } | null>(null);

  readonly parsed: Parsed = $derived(parse(this.text, { units: live.units.all, incidents: live.incidents.all }));
  readonly unit: BoardUnit | undefined = $derived.by(() => {
    const { unitIds } = this.parsed;
    return fleet.find(unitIds[this.#candidate % Math.max(1, unitIds.length)] ?? null);
  });
  /** The incident that was named; where none was, the one in hand. */
  readonly incident: BoardIncident | undefined = $derived(
    incidentBoard.find(this.parsed.incidentId ?? selection.incidentId),
  );
  readonly verb: Verb | null = $derived(this.parsed.verb ?? this.#meant());
  readonly trouble: Trouble | null = $derived(this.#refused?.text === this.text ? this.#refused.trouble : null);

  nextCandidate(): void {
    this.#candidate += 1;
  }

  clear(): void {
    this.text = "";
    this.#candidate = 0;
    this.#refused = null;
  }

  /** Enter. On an empty line it does nothing. */
  run(): void {
    if (this.text.trim() === "") return;
    const trouble = this.#run();
    if (trouble === null) this.clear();
    else this.#refused = { text: this.text, trouble };
  }

  #run(): Trouble | null {
    const { verb, unit, incident, parsed } = this;
    if (parsed.unknown.length > 0) return "unknown";
    if (verb === null) return "incomplete";
    if (verb.kind === "open") {
      if (parsed.incidentId !== null) selection.incident(parsed.incidentId);
      if (unit) selection.unit(unit.id);
      return parsed.incidentId === null && !unit ? "incomplete" : null;
    }
    if (live.lost || ordersHeld() !== null) return "held";
    if (verb.kind === "undo") return orders.undoLast() ? null : "no-such";
    if (unit === undefined) return "incomplete";
    if (verb.kind === "status") {
      void orders.status(unit.row, verb.status);
      return null;
    }
    if (incident === undefined) return "incomplete";
    selection.incident(incident.id);
    void orders.send(unit.row, incident.row);
    return null;
  }

  /** A number alone looks at the incident, a call sign alone at the unit. */
  #meant(): Verb | null {
    const { unitIds, incidentId, unknown } = this.parsed;
    return unknown.length === 0 && (incidentId === null) !== (unitIds.length === 0) ? { kind: "open" } : null;
  }
}

export const commands = new Commands();
