import type { UnitTexts } from "../words.svelte";

export const ugHospital: Pick<UnitTexts, "orders" | "outcomes" | "unsigned"> = {
  orders: {
    title: "دوختۇر بۇيرۇقى",
    confirm: "تەكرارلاپ جەزملەش",
    done: "ئىجرا قىلىندى",
    otherwise: "باشقا…",
    given: "بېرىلگەن مىقدار",
    notDone: "ئىجرا قىلىنمىدى، سەۋەبى",
    cancelled: "بۇيرۇق بىكار قىلىندى:",
    noForms: "سەۋەب تىزىملىكى تېخى كەلمىدى",
  },
  outcomes: {
    title: "مەن ئاپارغان بىمارلارنىڭ نەتىجىسى",
    asking: "ئېلىنىۋاتىدۇ…",
    offline: "ئالاقە بولمىسا كۆرگىلى بولمايدۇ",
    none: "يېقىنقى \u206630\u2069 كۈندە ئۇچۇر كەلمىدى",
    changed: "تۈزىتىلدى",
    whose: "پەقەت سىز ماشىنىدا بولغان ۋەزىپىلەر؛ ئىسىم ۋە نومۇر يوق.",
  },
  unsigned: {
    short: "دوختۇرخانىدىن ھېچكىم ئىمزالىمىدى…",
    title: "ئىمزاسىز ئۆتكۈزۈش",
    nobody: "دوختۇرخانىغا ئاپىرىلغان بىمار يوق",
    why: "سەۋەبى",
    witness: "گۇۋاھچىنىڭ ئىسمى",
    here: "گۇۋاھچى بۇ يەرگە ئىمزا قويىدۇ",
    close: "گۇۋاھچى ئالدىدا ئاخىرلاشتۇرۇش",
    reasons: { nobody_came: "ھېچكىم كەلمىدى", refused: "رەت قىلدى", other: "باشقا" },
  },
};
