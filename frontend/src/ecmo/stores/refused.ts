/** Why a piece or a duty was not changed: with the number of the mission that has it. */

import type { Refused } from "../../client/acting.svelte";
import { refusalWords } from "../../i18n/refusals";
import { words } from "../words.svelte";

export function refusedWords({ code, current }: Refused): string {
  const { number } = current;
  const booked = code === "ecmo_kit.booked" || code === "ecmo_duty.booked";
  return booked && typeof number === "string" ? words.t.stores.bookedBy(number) : refusalWords(code);
}
