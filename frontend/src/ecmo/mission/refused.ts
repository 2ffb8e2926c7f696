/** Why something was not done to a mission, and who has what was wanted. */

import type { Refused } from "../../client/acting.svelte";
import { refusalWords } from "../../i18n/refusals";
import { requests } from "../requests.svelte";
import { words } from "../words.svelte";

export function refusedWords({ code, current }: Refused): string {
  const holder = requests.rows?.find(({ mission_id }) => mission_id !== null && mission_id === current["mission_id"]);
  if (code !== "ecmo_booking.taken" || holder?.number == null) return refusalWords(code);
  return words.t.mission.takenBy(holder.number);
}
