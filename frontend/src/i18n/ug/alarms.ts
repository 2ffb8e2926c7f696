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
