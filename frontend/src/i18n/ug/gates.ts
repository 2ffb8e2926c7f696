/** Uyghur; to be reviewed by a native reader. */

import type { Texts } from "../index.svelte";

export const gates: Texts["gates"] = {
  lists: {
    leaving_base: "يولغا چىقىش",
    leaving_with_patient: "بىمار بىلەن چىقىش",
  },
  items: {
    team: "گۇرۇپپا تولۇق",
    kit: "ئۈسكۈنە تولۇق",
    oxygen_go: "ئوكسىگېن GO",
    power_go: "توك GO",
    vehicle: "ماشىنا",
    comms: "ئىككى ئالاقە سىنالدى",
    bed_confirmed: "كارىۋات + كاتېتېر ئۆيى",
    consent: "ماقۇللۇق",
    id_band: "بىلەزۈك",
    cannulae_sutured: "نەيچە تىكىلدى ×2",
    clamps: "قىسقۇچ يېنىدا",
    backup_tested: "زاپاس سىنالدى",
    flow_stable: "ئېقىم/سۈرئەت/بېسىم 15 min",
    blood_gas: "قان گازى <30 min",
    coagulation: "ACT / aPTT",
    blood: "Hb / قان",
    sedation: "تىنچلاندۇرۇش",
    pumps_charged: "پومپا توكى",
    defib_pads: "دېفىب چاپلىقى",
    temperature: "تېمپېراتۇرا پىلانى",
    route_weather_fuel: "يول/ھاۋا/ماي",
    relatives: "ئائىلىسىگە ئېيتىلدى",
    handover_call: "تاپشۇرۇش تېلېفونى",
    right_hand_spo2: "ئوڭ قول SpO₂",
    limb_perfusion: "پۇت-قول قېنى",
  },
  overriddenBy: (name) => `${name} ئىجازەت بەردى`,
  passedBy: (name) => `${name} تولۇقسىز چىقتى`,
  leaving: "ماشىنا يولدا، چىقىش تىزىملانمىدى",
};
