/** The service tells reasons in Chinese and English; these are the same in Uyghur, by their codes. FOR REVIEW. */

import type { Schemas } from "../../client/api";

export type ReasonCode = Schemas["Excluded"] | Schemas["Mark"];

export const reasons: Readonly<Record<ReasonCode, string>> = {
  no_status: "ھالىتى نامەلۇم",
  no_crew: "ئەترەت يوق",
  no_driver: "شوپۇر يوق",
  out_of_service: "توختىتىلغان",
  relief: "نۆۋەت ئالمىشىۋاتىدۇ",
  returning: "قايتىشتا، ئەۋەتكىلى بولمايدۇ",
  standby: "پائالىيەت كاپالىتىدە",
  transfer: "پىلانلىق يۆتكەشتە",
  overdue: "ئەسلىگە كېلىش ۋاقتى ئۆتتى، سوراڭ",
  here_already: "بۇ ۋەقەگە ئەۋەتىلگەن",
  patient_on_board: "ماشىنىدا بىمار بار",
  on_scene: "باشقا نەق مەيداندا",
  arriving: "ئۈچ مىنۇتتا باشقا نەق مەيدانغا يېتىدۇ",
  arrival_unknown: "باشقا نەق مەيدانغا يېتىش ۋاقتى نامەلۇم",
  not_less_urgent: "ئوخشاش ياكى تېخىمۇ جىددىي ۋەقەگە كېتىۋاتىدۇ",
  run_unknown: "ۋەزىپىسى نامەلۇم",
  clears_late: "يېقىندا بوشىمايدۇ",
  not_shared: "ئورنى ئورتاقلاشمايدۇ",
  urgent_only: "پەقەت P1 ۋە P2 ئۈچۈن",
  station_minimum: "پونكىتتا قېلىشى كېرەك",
  missing: "ئىقتىدارى كەم",
  sooner_but_missing: "ئىقتىدارى كەم، ئەمما بۇرۇن يېتىدۇ",
  stale: "ئورنى كونا، رادىئودا سوراڭ",
  estimate: "يول نەتىجىسى يوق، مۆلچەر",
  pinned: "تۈز سىزىقتا يېقىن، ئادەم قارار قىلسۇن",
  no_time: "ۋاقىت نامەلۇم",
  diversion: "تۆۋەن دەرىجىلىك ۋەقەدىن ئۆزگەرتىلىدۇ",
  clears: "بوشاۋاتىدۇ، ھازىر ئەۋەتكىلى بولمايدۇ",
  lent: "باشقا ئورۇننىڭ ماشىنىسى",
  off_road: "يولدىن يىراق",
  direction: "يول يۆنىلىشى نامەلۇم",
  one_side: "يول يۆنىلىشى نامەلۇم، پەقەت بىر تەرەپكە بارغىلى بولىدۇ",
  road_closed: "ئەڭ يېقىن يول تاقالغان",
};
