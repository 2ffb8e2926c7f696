/** Whose the places of a vehicle are, with what waits on this phone. Pure. */

import type { Schemas } from "../client/api";
import type { Act } from "./outbox.svelte";

export interface Place {
  slot: number;
  taken: boolean;
  /** Null: nobody, or somebody who is not ours to see. */
  patient: string | null;
  sinceMs: number | null;
  /** Data came from there, at least once. */
  sends: boolean;
  /** Told here, and not at the service yet. */
  held: boolean;
}

/** A vehicle has at least so many. */
const LEAST = 2;

export function placesOf(
  slots: readonly Schemas["SlotOut"][],
  waiting: readonly { act: Act; atMs: number }[],
): Place[] {
  const places = new Map<number, Place>();
  for (let slot = 1; slot <= LEAST; slot += 1)
    places.set(slot, { slot, taken: false, patient: null, sinceMs: null, sends: false, held: false });
  for (const { slot, attached, patient_id, since, last_at } of slots)
    places.set(slot, {
      slot,
      taken: attached,
      patient: patient_id,
      sinceMs: since === null ? null : Date.parse(since),
      sends: last_at !== null,
      held: false,
    });
  for (const { act, atMs } of waiting) {
    if (act.kind !== "attach" && act.kind !== "detach") continue;
    const sends = places.get(act.slot)?.sends ?? false;
    const patient = act.kind === "attach" ? act.patient : null;
    places.set(act.slot, {
      slot: act.slot,
      taken: patient !== null,
      patient,
      sinceMs: patient === null ? null : atMs,
      sends,
      held: true,
    });
  }
  return [...places.values()].sort((a, b) => a.slot - b.slot);
}

/** A status that the vehicle's place suggests. */
export interface Offer {
  id: string;
  version: number;
  status: Schemas["UnitStatus"];
  atMs: number;
}

/** The offer that is still open on this run: found, put aside by nobody of the crew, and not told yet. */
export function offerOf(
  detections: readonly Schemas["DetectionOut"][],
  run: string,
  isNext: (status: Schemas["UnitStatus"]) => boolean,
): Offer | null {
  const found = detections.find(
    ({ kind, offered, assignment_id, acknowledged }) =>
      kind === "offer" && offered !== null && assignment_id === run && !acknowledged && isNext(offered),
  );
  if (!found?.offered) return null;
  return { id: found.id, version: found.version, status: found.offered, atMs: Date.parse(found.began_at) };
}
