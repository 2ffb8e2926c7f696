/** What a line of the record says, beside its name: from codes, numbers and times only, as the journal holds no others. */

import type { Texts } from "../i18n/index.svelte";
import { valueOf, type RecordLine } from "./lines";

type CallSign = (unitId: string) => string;

export function toldBy(line: RecordLine, texts: Texts, callSign: CallSign): string {
  const value = (key: string): string => valueOf(line, key);
  const status = (key: string): string =>
    texts.codes.status[value(key) as keyof Texts["codes"]["status"]] ?? value(key);
  const change = (before: string, after: string): string => [before, after].filter((one) => one !== "").join(" → ");
  const unit = callSign(value("unit_id") || line.subject);
  switch (line.type) {
    case "assignment.made": {
      const planned = Number(value("planned_s"));
      // One figure was kept, not a range: told as it is, rounded up.
      const eta = planned > 0 ? `≈${Math.ceil(planned / 60)} ${texts.dispatching.minutes}` : "";
      return [unit, value("rank") && `#${value("rank")}`, eta].filter((one) => one !== "").join(" · ");
    }
    case "unit.status_changed":
    case "unit.status_corrected":
      return `${unit} ${change(status("from_status"), status("status"))}`.trim();
    case "unit.status_kept":
      return `${unit} ${status("status")}`.trim();
    case "incident.people_told":
      return change(value("before"), value("people"));
    case "incident.priority_changed":
      return change(value("before"), value("priority"));
    case "incident.state_changed":
      return change(
        word(texts.codes.incident, STATES[value("before")]),
        word(texts.codes.incident, STATES[value("state")]),
      );
    case "incident.placed":
      return word(texts.selected.placeSources, value("place_source"));
    case "incident.call_linked":
      return word(texts.selected.linkKinds, value("kind"));
    case "personal.recorded":
      return word(texts.record.kinds, value("kind"));
    case "call.recorded":
    case "call.signalled":
      return word(texts.calls.states, value("state"));
    case "call.transferred":
      return [word(texts.codes.call, value("kind")), value("agency")].join(" ");
    case "call_back.attempted":
      return word(texts.calls.met, value("met"));
    case "patient.described":
      return [word(texts.calls.sexes, value("sex")), value("age_years") && texts.acts.years(value("age_years"))].join(
        " ",
      );
    case "patient.outcome_set":
      return word(texts.acts.outcomes, value("outcome"));
    case "incident.opened":
      return [value("priority"), value("complaint"), value("capabilities")].filter((one) => one !== "").join(" ");
    case "call.outcome_set":
      return word(texts.codes.call, value("outcome"));
    case "assignment.entered":
    case "assignment.ended":
      return [unit, word(texts.codes.ended, value("reason"))].filter((one) => one !== "").join(" · ");
    case "assignment.override_explained":
      return word(texts.dispatching.reasons, value("reason"));
    default:
      return [unit, ...PLAIN.map(value)].filter((one) => one !== "").join(" · ");
  }
}

/** States of an incident, by the word that the boards have for them. */
const STATES: Readonly<Record<string, string>> = {
  open: "waiting",
  dispatched: "assigned",
  on_scene: "onScene",
  closed: "closed",
  cancelled: "cancelled",
};

/** What a code is called; one that is not known here is told as it is. */
function word(names: Readonly<Record<string, string>>, code = ""): string {
  return names[code] ?? code;
}

/** Codes that say something by themselves. */
const PLAIN = [
  "point",
  "complaint",
  "capabilities",
  "card",
  "priority",
  "rule",
  "outcome",
  "reason",
  "agency",
  "met",
  "treatment",
] as const;
