import type { Texts } from "../index.svelte";

export const registration: Texts["registration"] = {
  title: "تىزىملاش",
  note: "ماشىنىدىكىلەر كىرگۈزدى، سېلىشتۇرۇلغاندىن كېيىن كۈچكە ئىگە",
  open: "تىزىملانمىدى",
  done: "تىزىملاندى",
  changed: "كېيىن ئۆزگەردى: قايتا سېلىشتۇرۇڭ",
  number: "كۆرۈنۈش نومۇرى",
  kinds: { name: "ئىسمى", id_number: "كىملىك نومۇرى", phone: "تېلېفون", address: "ئادرېس", sex: "جىنسى", age: "يېشى" },
  earlier: "ئىلگىرى",
  erased: "قانۇن بويىچە ئۆچۈرۈلدى",
  compare: "سېلىشتۇرۇپ تىزىملاش…",
  again: "قايتا سېلىشتۇرۇش…",
  accept: "توغرا، تىزىملاش",
};
