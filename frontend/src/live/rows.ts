/** The rows of the boards, as the service tells them. */

export type Priority = "P1" | "P2" | "P3" | "P4";
export type System = "civil" | "corps";

export type UnitStatus =
  | "unknown"
  | "at_station"
  | "returning_available"
  | "assigned"
  | "en_route"
  | "staging"
  | "on_scene"
  | "at_patient"
  | "transporting"
  | "at_hospital"
  | "returning"
  | "relief"
  | "standby"
  | "transfer"
  | "out_of_service";

export interface Names {
  zh: string;
  en: string;
  ug: string;
}

export interface IncidentRow {
  id: string;
  number: string;
  state: "open" | "dispatched" | "on_scene" | "closed" | "cancelled";
  priority: Priority;
  initial_priority: Priority;
  complaint: string;
  capabilities: string;
  t0: string;
  taken_at: string | null;
  dispatched_at: string | null;
  on_scene_at: string | null;
  returned_at: string | null;
  lat: number | null;
  lon: number | null;
  direction: string;
  words: string;
  calls: number;
  asked_again: number;
  asked_again_at: string | null;
  patients: number;
  patients_open: number;
  last_note_at: string | null;
  active: boolean;
  version: number;
  place_version: number;
}

export interface CallRow {
  id: string;
  state: "ringing" | "answered" | "abandoned" | "ended";
  t0: string;
  answered_at: string | null;
  phone: string;
  incident_id: string | null;
  incident_number: string | null;
  open: boolean;
  version: number;
}

export interface UnitRow {
  id: string;
  call_sign: string;
  type: "basic" | "als" | "isolation" | "special";
  special: string;
  organisation: string;
  system: System;
  station: { id: string; code: string; names: Names };
  status: UnitStatus;
  since: string | null;
  reason: string | null;
  expected_end_at: string | null;
  overdue: boolean;
  version: number;
  capabilities: string;
  available: boolean;
  position: {
    lat: number;
    lon: number;
    basis: "fix" | "last_place" | "station";
    fix_at: string | null;
    stale: boolean;
    heading_deg: number | null;
  };
  assignment: { assignment_id: string; incident_id: string; incident_number: string; priority: Priority } | null;
}

export interface AssignmentRow {
  id: string;
  unit_id: string;
  call_sign: string;
  incident_id: string;
  incident_number: string;
  state: "active" | "ended";
  version: number;
  assigned_at: string;
  acknowledged_at: string | null;
  status: UnitStatus;
  promised_at: string | null;
  undo_until: string | null;
}
