/** An alarm stays until somebody has confirmed it, even where its cause has gone meanwhile. Pure. */

import { URGENCIES, type Condition, type Urgency } from "./rules";

export interface Latched extends Condition {
  /** When it was first seen here; milliseconds since 1970. */
  raisedAt: number;
  /** Its cause has gone. */
  over: boolean;
  confirmed: { by: string; at: number } | null;
}

export type Latch = ReadonlyMap<string, Latched>;

const SHOWN = ["since", "callSign", "detail"] as const;

/** The latch after a look at what is wrong now. Returns the same one where nothing changed. */
export function latched(before: Latch, wrong: readonly Condition[], now: number): Latch {
  const next = new Map<string, Latched>();
  for (const condition of wrong) {
    const known = before.get(condition.id);
    const worse = known !== undefined && URGENCIES.indexOf(condition.urgency) < URGENCIES.indexOf(known.urgency);
    if (known === undefined || worse || (known.over && known.confirmed)) {
      next.set(condition.id, { ...condition, raisedAt: now, over: false, confirmed: null });
    } else if (known.over || SHOWN.some((one) => known[one] !== condition[one])) {
      next.set(condition.id, { ...known, ...condition, over: false });
    } else {
      next.set(condition.id, known);
    }
  }
  for (const [id, known] of before) {
    if (next.has(id) || known.confirmed !== null) continue;
    next.set(id, known.over ? known : { ...known, over: true });
  }
  return same(before, next) ? before : next;
}

/** The latch after somebody has confirmed one alarm. */
export function confirmedBy(before: Latch, id: string, by: string, at: number): Latch {
  const known = before.get(id);
  if (known === undefined || known.confirmed !== null) return before;
  const next = new Map(before);
  if (known.over) next.delete(id);
  else next.set(id, { ...known, confirmed: { by, at } });
  return next;
}

/** The next to be confirmed: the most urgent, of these the newest. */
export function foremost(latch: Latch): Latched | undefined {
  return [...latch.values()]
    .filter((alarm) => alarm.confirmed === null)
    .sort((a, b) => URGENCIES.indexOf(a.urgency) - URGENCIES.indexOf(b.urgency) || b.raisedAt - a.raisedAt)[0];
}

export function countOf(latch: Latch, urgency: Urgency): { all: number; fresh: number } {
  const these = [...latch.values()].filter((alarm) => alarm.urgency === urgency);
  return { all: these.length, fresh: these.filter((alarm) => alarm.confirmed === null).length };
}

function same(a: Latch, b: Latch): boolean {
  return a.size === b.size && [...a].every(([id, alarm]) => b.get(id) === alarm);
}
