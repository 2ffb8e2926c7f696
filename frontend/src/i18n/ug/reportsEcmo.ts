/** Figures of ECMO transfers. */

import type { Texts } from "../index.svelte";

export const ecmo: Texts["reports"]["ecmo"] = {
  title: "ECMO يۆتكەش",
  note: "ئايرىم گۇرۇپپا، كوچا كۆرسەتكۈچلىرىگە قوشۇلمايدۇ",
  counts: (requests, transfers) => `ئىلتىماس ${requests} · ۋەزىپە ${transfers}`,
  adverse: (count) => `ناچار ۋەقە ${count}`,
  survived: (moment, alive, known) => `${moment} ھايات ${alive}/${known}`,
  figure: "كۆرسەتكۈچ",
  mode: "شەكلى",
  allModes: "ھەممىسى",
  eligible: "كېرەكلىك",
  minutes: "مىنۇت",
  target: "نىشان",
  met: "يەتكەن",
  few: "5 تىن ئاز، ئېلان قىلىنمايدۇ",
  small: "30 دىن ئاز",
  definitions: "ئېنىقلىما",
  formula: "فورمۇلا",
  events: "ۋەقەلەر",
  version: (version, source) => `${version}-نەشرى · ${source}`,
  registry: "تىزىملىك",
};
