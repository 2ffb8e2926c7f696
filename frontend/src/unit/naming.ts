/** What something that waits is called, in the chosen language. */

import { i18n } from "../i18n/index.svelte";
import type { Schemas } from "../client/api";
import type { Held } from "./outbox.svelte";
import { entryText } from "./chartWords";
import { stepOf } from "./steps";
import { words } from "./words.svelte";

export function nameOf(held: Held): string {
  const { act } = held;
  if (act.kind === "time") return words.t.said.time[act.point];
  if (act.kind === "call") return words.t.help.calls[act.call];
  if (act.kind === "order") return words.t.said.order[act.did];
  if (act.kind === "chart") return entryText(act.entry);
  if (act.kind !== "status") return words.t.said[act.kind];
  const step = held.run === null ? null : stepOf(held);
  if (step !== null) return words.t.steps[step];
  return act.reason === null ? i18n.t.codes.status[act.status] : i18n.t.codes.out[act.reason];
}

/** What a patient is called on this phone: somebody whose name nobody knows by his number on this incident. */
export function calledOf(patient: Pick<Schemas["PatientRow"], "named" | "name" | "ordinal">): string {
  return patient.named ? patient.name : `${words.t.chart.unnamed} ${String(patient.ordinal)}`;
}
