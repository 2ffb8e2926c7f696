import type { Texts } from "../index.svelte";

export const session: Texts["session"] = {
  title: "كىرىش",
  name: "ئىشلەتكۈچى نامى",
  password: "پارول",
  logIn: "كىرىش",
  asking: "كىرىۋاتىدۇ…",
  opening: "ئېچىلىۋاتىدۇ…",
  endedTitle: "كىرىش ئاخىرلاشتى، قايتا كىرىڭ",
  ended: "يازغانلىرىڭىز تېخى بار. ئەۋەتىلمىگەن بۇيرۇق ئۆزلۈكىدىن ئەۋەتىلمەيدۇ.",
  wrong: "نام ياكى پارول خاتا",
  wait: (seconds) => `بەك كۆپ سىنالدى، ${seconds} سېكۇنتتىن كېيىن`,
  unreachable: "مۇلازىمېتىرغا ئۇلىنالمىدى",
  noDesk: "بۇ ھېساباتنىڭ تەڭشەش سۇپىسى يوق.",
  noEcmo: "بۇ بەت دوختۇرخانا، جىددىي قۇتقۇزۇش، دىسپېتچېر ۋە ECMO گۇرۇپپىسى ئۈچۈن.",
  openEcmo: "ECMO بېتىنى ئېچىش",
  again: "قايتا سىناش",
  refused: (reason) => `كىرگىلى بولمىدى: ${reason}`,
};
