import type { Texts } from "../index.svelte";

export const duty: Texts["duty"] = {
  title: "On duty",
  on: "Sign on:",
  off: "Sign off:",
  offOther: "Sign off",
  until: "until",
  unknown: "No answer came",
  nobody: "Nobody is signed on",
  roles: { supervisor: "shift supervisor", emergency_doctor: "emergency doctor" },
  lower: "Lower to",
};
