/** The rows of the boards, as the service tells them: the same in the live feed and in its lists. */

import type { Schemas } from "../client/api";

export type IncidentRow = Schemas["IncidentRow"];
export type CallRow = Schemas["CallRow"];
export type UnitRow = Schemas["FleetRow"];
export type AssignmentRow = Schemas["AssignmentRow"];
export type Arrival = Schemas["ArrivalOut"];
export type Priority = Schemas["Priority"];
export type System = Schemas["System"];
export type UnitStatus = Schemas["UnitStatus"];
export type OutReason = Schemas["OutReason"];
export type Names = Schemas["NamesOut"];

/** A request for ECMO that is not over: no more than that there is one, so that its page asks for it anew. */
export interface EcmoRow {
  id: string;
  number: string | null;
  state: string;
  version: number;
}
