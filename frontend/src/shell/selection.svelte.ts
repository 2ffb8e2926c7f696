/** What this seat has in hand. Blue marks it everywhere: on the boards, on the map, in the panel. */

class Selection {
  incidentId = $state<string | null>(null);
  unitId = $state<string | null>(null);
  /** The unit whose way the map shows while the pointer rests on its offer. */
  hoveredId = $state<string | null>(null);

  incident(id: string | null): void {
    this.incidentId = id;
  }

  unit(id: string | null): void {
    this.unitId = id;
  }

  hover(unitId: string | null): void {
    this.hoveredId = unitId;
  }
}

export const selection = new Selection();
