import type { Texts } from "../index.svelte";

export const selected: Texts["selected"] = {
  none: "No incident selected",
  pick: "↑↓ select, F6 next waiting",
};
