/** What is typed beside place, card and answers: kept as it is typed, and told to the incident once that is open. */

import { i18n } from "../i18n/index.svelte";
import { live } from "../live/store.svelte";
import { without } from "../cards/answers";
import type { Detail } from "./noting";
import { taking } from "./taking.svelte";

type Sex = "male" | "female" | "unknown";

/** In a draft: words of a note that is not finished yet. */
const UNFINISHED = "unfinished";

/** The place in words has changed, its point has not. */
export function tellPlaceWords(): void {
  taking.telling?.place(taking.body);
}

/** A field that incidents do not have; it becomes a note. `done`: nobody types in it any more. */
export function writeDetail(name: Detail, value: string, done = false): void {
  const { more } = taking.body;
  if ((more[name] ?? "") !== value) taking.change({ more: { ...more, [name]: value } });
  if (done && value.trim() !== "") taking.telling?.note(`${i18n.t.calls.details[name]}: ${value.trim()}`);
}

/** How many are concerned. Once the incident knows a number it is corrected, not taken away. */
export function tellPeople(): void {
  const known = live.incidents.get(taking.incidentId ?? "")?.people ?? null;
  if (taking.body.people === null && known !== null) taking.change({ people: known });
  else taking.telling?.people(taking.body);
}

export function choosePatient(sex: Sex): void {
  taking.change({ patients: [{ sex, age_years: null, words: "" }] });
  taking.telling?.patient(taking.body);
}

export function unfinishedNote(): string {
  return taking.body.more[UNFINISHED] ?? "";
}

/** Words of a note while they are typed. */
export function writeNote(words: string): void {
  const others = without(taking.body.more, UNFINISHED);
  taking.change({ more: words === "" ? others : { ...others, [UNFINISHED]: words } });
}

/** The words typed so far are a line of the notes. */
export function finishNote(): void {
  const words = unfinishedNote();
  writeNote("");
  taking.note(words);
}
