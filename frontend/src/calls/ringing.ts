/** Calls that wait for somebody. */

import { live } from "../live/store.svelte";
import type { CallRow } from "../live/rows";

/** Those that ring, the longest first. */
export function ringingCalls(): CallRow[] {
  return live.calls.all.filter((row) => row.state === "ringing").sort((one, other) => one.t0.localeCompare(other.t0));
}

/** Those to be called back, the longest due first. */
export function toCallBack(): CallRow[] {
  const due = (row: CallRow): string => row.call_back?.due_at ?? "";
  return live.calls.all
    .filter((row) => row.call_back !== null)
    .sort((one, other) => due(one).localeCompare(due(other)));
}
