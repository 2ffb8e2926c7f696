/** What a unit can do, in one letter: A advanced, B basic, nothing while neither crew nor kit make it one. */

import type { UnitRow } from "../live/rows";

export function levelLetter(unit: Pick<UnitRow, "capabilities">): string {
  if (unit.capabilities.includes("E")) return "E";
  if (unit.capabilities.includes("A")) return "A";
  return unit.capabilities.includes("B") ? "B" : "";
}
