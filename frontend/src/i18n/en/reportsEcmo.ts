/** Figures of ECMO transfers. */

import type { Texts } from "../index.svelte";

export const ecmo: Texts["reports"]["ecmo"] = {
  title: "ECMO transfers",
  note: "a group of its own, never among the figures of the street",
  counts: (requests, transfers) => `${requests} requests · ${transfers} missions`,
  adverse: (count) => `${count} with adverse events`,
  survived: (moment, alive, known) => `alive ${moment}: ${alive}/${known}`,
  figure: "Figure",
  mode: "Mode",
  allModes: "all",
  eligible: "Eligible",
  minutes: "min",
  target: "Target",
  met: "Met",
  few: "fewer than 5, not told",
  small: "fewer than 30",
  definitions: "Definitions",
  formula: "Formula",
  events: "Events",
  version: (version, source) => `version ${version} · ${source}`,
  registry: "Registry",
};
