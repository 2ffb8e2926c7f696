import type { UnitTexts } from "../words.svelte";

export const enHospital: Pick<UnitTexts, "orders" | "outcomes" | "unsigned"> = {
  orders: {
    title: "Order",
    confirm: "Read back",
    done: "Done",
    otherwise: "Other…",
    given: "What was given",
    notDone: "Not done, because",
    cancelled: "Order cancelled:",
    noForms: "The list of reasons is not here yet",
  },
  outcomes: {
    title: "What became of my patients",
    asking: "Asking …",
    offline: "This needs the link",
    none: "No hospital has told of any in the last 30 days",
    changed: "corrected",
    whose: "Of runs that you were on board of; without names or numbers.",
  },
  unsigned: {
    short: "Nobody of the hospital signs …",
    title: "Handover without a signature",
    nobody: "Nobody was brought to a hospital",
    why: "Why",
    witness: "Name of the witness",
    here: "The witness signs here",
    close: "Close before this witness",
    reasons: { nobody_came: "Nobody came", refused: "Refused", other: "Other" },
  },
};
