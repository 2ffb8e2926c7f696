/** What stands beside a patient's ECG; awaits its reader. */

import type { Texts } from "../index.svelte";

export const bedside: Texts["bedside"] = {
  exports: "چىقىرىش",
  title: "خاتىرىنى چىقىرىش",
  reason: "مەقسىتى",
  reasons: {
    care: "داۋالاش",
    archive: "ئارخىپ",
    quality: "سۈپەت",
    patient: "بىمار ئىلتىماسى",
    law: "قانۇن بويىچە",
  },
  forms: {
    pdf: "خاتىرە PDF",
    ecg: "ECG بېسىش PDF",
    fhir: "FHIR R4B",
    aecg: "ECG HL7 aECG",
    wfdb: "ECG WFDB",
  },
  ecgLast: "ئاخىرقى 10 s",
  ecgStill: "توختىتىلغان 10 s",
  note: "ئىسمى ۋە كىملىك نومۇرى بار؛ كىمنىڭ ئالغانلىقى خاتىرىلىنىدۇ. ECG نى 100% نىسبەتتە بېسىڭ.",
  working: "تەييارلىنىۋاتىدۇ…",
  got: (mb: string) => `${mb} MB كەلدى`,
  done: (name: string) => `${name} ساقلاندى`,
  unanswered: "جاۋاب كەلمىدى، قايتا سىناڭ",
  pictures: "سۈرەتلەر",
  noPictures: "ماشىنىدىن سۈرەت كەلمىدى",
  coming: (share: string) => `${share}% كەلدى`,
  picture: (time: string) => `سۈرەت ${time}`,
  zoomIn: "چوڭايتىش",
  zoomOut: "كىچىكلىتىش",
  whole: "ماسلاش",
  waves: {
    title: "باشقا دولقۇنلار",
    names: { pleth: "تومۇر", co2: "CO₂", art: "ئارتېرىيە", cvp: "CVP", resp: "نەپەس" },
    free: "ئاپتوماتىك",
    delay: (ms: number) => `ئېكرانغىچە ${ms} ms`,
  },
};
