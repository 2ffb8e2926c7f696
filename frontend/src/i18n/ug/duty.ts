import type { Texts } from "../index.svelte";

export const duty: Texts["duty"] = {
  title: "نۆۋەتچىلىك",
  on: "نۆۋەتكە چىقىش:",
  off: "نۆۋەتتىن چۈشۈش:",
  offOther: "نۆۋەتتىن چۈشۈرۈش",
  until: "گىچە",
  unknown: "جاۋاب كەلمىدى",
  nobody: "نۆۋەتتە ئادەم يوق",
  roles: { supervisor: "نۆۋەتچى باشلىق", emergency_doctor: "جىددىي قۇتقۇزۇش دوختۇرى" },
  lower: "چۈشۈرۈش",
};
