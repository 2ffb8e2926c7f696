import type { Texts } from "../index.svelte";

export const alarms: Texts["alarms"] = {
  urgency: { high: "يۇقىرى دەرىجە", medium: "ئوتتۇرا دەرىجە", low: "تۆۋەن دەرىجە" },
  kinds: {
    linkLost: "ئالاقە ئۈزۈلدى",
    waiting: "ئۇزۇن كۈتتى",
    unacknowledged: "جاۋاب بەرمىدى",
    overdue: "كېچىكتى",
    handover: "ئۆتكۈزۈش ئۇزارتىلدى",
    positionLost: "ئورنى يوقالدى",
    prealert: "دوختۇرخانا ئالدىن ئۇقتۇرۇشنى جەزملىمىدى",
    stretcher: "ئەترەت دوختۇرخانىدا كۈتۈۋاتىدۇ",
    "crew.danger": "ئەترەت خەتەردە",
    "crew.second_unit": "ئەترەت ياردەم سورىدى",
    "crew.police": "ئەترەت \u2066110\u2069 سورىدى",
    "crew.fire": "ئەترەت \u2066119\u2069 سورىدى",
  },
  none: "ئاگاھلاندۇرۇش يوق",
  allConfirmed: "ھەممىسى جەزملەندى",
  unknown: "تېخى ئۇچۇر يوق",
  over: "سەۋەبى تۈگىدى",
  unconfirmed: (at) => `جەزملەنمىدى ${at}`,
  confirm: "جەزملەش",
  mute: "ئۈنسىز 2 م",
  muted: (left) => `ئۈنسىز ${left}`,
  silenced: "ئاۋازنى ئېچىش",
  check: "ئاڭلاش",
};
