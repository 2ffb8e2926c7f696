/** Who has a dispatcher's console: those who may read every incident of the region. Others have pages of their own. */

import type { Who } from "./session.svelte";

const DESK: ReadonlySet<string> = new Set(["dispatcher", "supervisor", "ecmo_coordinator"]);

export function hasDesk(who: Who): boolean {
  return who.roles.some(({ role }) => DESK.has(role));
}

/** Who has an emergency room's page: those who receive patients. */
export function hasEmergencyRoom(who: Who): boolean {
  return who.roles.some(({ role }) => role === "emergency_doctor");
}

/** Who has the page of figures. */
export function hasReports(who: Who): boolean {
  return who.roles.some(({ role }) => role === "supervisor");
}

const ECMO: ReadonlySet<string> = new Set([
  "dispatcher",
  "supervisor",
  "emergency_doctor",
  "ecmo_coordinator",
  "ecmo_physician",
]);

/** Who has the page of ECMO transfers: who asks for them, assesses them, leads them, or sends their vehicle. */
export function hasEcmo(who: Who): boolean {
  return who.roles.some(({ role }) => ECMO.has(role));
}

export const ECMO_PATH = "/ecmo";

export function isEcmoPage(path: string): boolean {
  return path === ECMO_PATH;
}

export const REPORTS_PATH = "/reports";

export function isReportsPage(path: string): boolean {
  return path === REPORTS_PATH;
}

export const ER_PATH = "/er";

export function isErPage(path: string): boolean {
  return path === ER_PATH;
}
