/** How long something is ago or lasts, on a list of kit and duties: days count there, seconds do not. */

import { longAgo } from "../request/entering";
import { words } from "../words.svelte";

const DAY_MS = 86_400_000;

export function lasting(ms: number): string {
  return ms < 2 * DAY_MS ? longAgo(ms) : words.t.stores.days(String(Math.floor(ms / DAY_MS)));
}
