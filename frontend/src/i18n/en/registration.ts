import type { Texts } from "../index.svelte";

export const registration: Texts["registration"] = {
  title: "Registration",
  note: "Entered by the crew, valid once compared here",
  open: "not registered",
  done: "registered",
  changed: "changed since: compare again",
  number: "Visit number",
  kinds: { name: "Name", id_number: "ID number", phone: "Phone", address: "Address", sex: "Sex", age: "Age" },
  earlier: "was",
  erased: "erased by law",
  compare: "Compare and register…",
  again: "Compare again…",
  accept: "Compared: register so",
};
