/** Which form stands open under the incident in hand. What is typed in one is kept until it is saved. */

export type BoxKind = "note" | "patients" | "destination" | "callOff" | "end";

class Boxes {
  #open = $state.raw<{ kind: BoxKind; incidentId: string } | null>(null);

  /** The form that is open for an incident. */
  of(incidentId: string): BoxKind | null {
    return this.#open?.incidentId === incidentId ? this.#open.kind : null;
  }

  show(kind: BoxKind, incidentId: string): void {
    this.#open = { kind, incidentId };
  }

  close(): void {
    this.#open = null;
  }
}

export const boxes = new Boxes();
