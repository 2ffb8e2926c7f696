/** Two who typed for the same call: what is typed here and not saved yet is laid over what was saved meanwhile. Pure. */

import type { DraftBody } from "./draft";

type Words = Readonly<Record<string, unknown>>;

/** `mine`: as it is typed here, from `base` on; `theirs`: what the service has by now. What both have changed is mine. */
export function merged(base: DraftBody, mine: DraftBody, theirs: DraftBody): DraftBody {
  return {
    ...theirs,
    ...changed(base, mine),
    answers: over(base.answers, mine.answers, theirs.answers),
    more: over(base.more, mine.more, theirs.more),
    notes: lines(base.notes, mine.notes, theirs.notes),
  };
}

function changed<T extends object>(base: T, mine: T): Partial<T> {
  const names = Object.keys(mine) as (keyof T)[];
  return Object.fromEntries(
    names.filter((name) => !same(base[name], mine[name])).map((name) => [name, mine[name]]),
  ) as Partial<T>;
}

function over<T extends Words>(base: T, mine: T, theirs: T): T {
  const gone = Object.keys(base).filter((key) => !(key in mine));
  const kept = Object.fromEntries(Object.entries(theirs).filter(([key]) => !gone.includes(key)));
  return { ...kept, ...changed(base, mine) } as T;
}

/** Lines are added, never taken away: those of mine that they do not have come after theirs. */
function lines(base: string, mine: string, theirs: string): string {
  const known = [base, theirs].flatMap((text) => text.split("\n"));
  const more = mine.split("\n").filter((line) => !known.includes(line));
  return [theirs, ...more].filter((text) => text !== "").join("\n");
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
