import type { Texts } from "../index.svelte";

export const selected: Texts["selected"] = {
  none: "ۋەقە تاللانمىدى",
  pick: "↑↓ تاللاش، F6 كېيىنكى",
};
