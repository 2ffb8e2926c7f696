import type { Texts } from "../index.svelte";

export const replay: Texts["replay"] = {
  title: "ۋاقىتقا قايتىش",
  open: "قايتا قويۇش",
  playing: "قايتا قويۇش",
  play: "قويۇش",
  pause: "توختىتىش",
  faster: "تېزلىتىش",
  slower: "ئاستىلىتىش",
  before: "ئالدىنقى ئىش",
  after: "كېيىنكى ئىش",
  jump: "ۋاقىتقا ئۆتۈش",
  zone: "ۋاقىت رايونى",
  slider: "پەيت",
  now: "ھازىرغا قايتىش",
  held: "قايتا قويۇشتا بۇيرۇق بېرىلمەيدۇ",
  loading: "ئېچىلىۋاتىدۇ…",
  unanswered: "جاۋاب كەلمىدى",
  incidents: "شۇ چاغدىكى ۋەقەلەر",
  units: "شۇ چاغدىكى ماشىنىلار",
  noIncidents: "شۇ چاغدا ئوچۇق ۋەقە يوق",
  counts: (incidents, free, fixes) => `بۇ پەيتتە: ۋەقە ${incidents} · بوش ${free} · ئورۇن ${fixes}`,
};
