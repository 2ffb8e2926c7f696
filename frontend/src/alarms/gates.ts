/** What the dispatcher is told of a gate that a transfer passed, or passes, with items open. Pure. */

import type { Schemas } from "../client/api";
import type { Language, Texts } from "../i18n/index.svelte";
import type { Condition } from "./rules";

const COMMA: Record<Language, string> = { zh: "、", en: ", ", ug: "، " };

export function warned(one: Schemas["GateOut"], words: Texts["gates"], language: Language): Condition {
  const items: Readonly<Record<string, string | undefined>> = words.items;
  const lists: Readonly<Record<string, string | undefined>> = words.lists;
  const open = one.open_items.map((item) => items[item] ?? item).join(COMMA[language]);
  const who =
    one.how === "leaving"
      ? words.leaving
      : (one.how === "overridden" ? words.overriddenBy : words.passedBy)(one.name ?? "—");
  return {
    id: `ecmo.gate:${one.id}`,
    kind: "ecmo.gate",
    urgency: one.priority,
    since: Date.parse(one.since),
    incidentId: one.incident_id,
    incidentNumber: one.incident_number,
    callSign: one.call_sign === "" ? (one.number ?? "") : one.call_sign,
    detail: `${lists[one.checklist] ?? one.checklist}: ${open} · ${who}`,
  };
}
