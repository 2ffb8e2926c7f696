import type { Texts } from "../index.svelte";

export const session: Texts["session"] = {
  title: "Log in",
  name: "Name",
  password: "Password",
  logIn: "Log in",
  asking: "Logging in …",
  opening: "Opening …",
  endedTitle: "The login has ended: log in again",
  ended: "All that you typed is still there. Orders that were not sent are not sent by themselves.",
  wrong: "Name or password is wrong",
  wait: (seconds) => `Too many tries: again in ${seconds} s`,
  unreachable: "The service cannot be reached",
  noDesk: "This account has no dispatcher’s console.",
  noEcmo: "This page is for hospitals, emergency rooms, dispatch and ECMO teams.",
  openEcmo: "Open ECMO coordination",
  again: "Try again",
  refused: (reason) => `Cannot log in: ${reason}`,
};
