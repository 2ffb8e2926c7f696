/** The 18-digit number of an identity card (GB 11643): its check character, and the sex and day of birth that it tells. Pure. */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECKS = "10X98765432";

export type IdFault = "length" | "characters" | "birth" | "check";

export interface IdTold {
  sex: "male" | "female";
  /** Whole years on the day that is asked about. */
  ageYears: number;
}

/** Digits and a capital X, without the spaces that people type. */
export function idPlain(typed: string): string {
  return typed.replace(/[\s-]/g, "").toUpperCase();
}

/** What is wrong with it; null: nothing. `now`: milliseconds since 1970. */
export function idFault(typed: string, now: number): IdFault | null {
  const text = idPlain(typed);
  if (!/^[0-9]*X?$/.test(text)) return "characters";
  if (text.length !== 18) return "length";
  const born = bornOn(text);
  if (born === null || born > now || now - born > 131 * 366 * 86_400_000) return "birth";
  const sum = WEIGHTS.reduce((all, weight, place) => all + weight * Number(text[place]), 0);
  return CHECKS[sum % 11] === text[17] ? null : "check";
}

/** Of a number without a fault. */
export function idTold(typed: string, now: number): IdTold {
  const text = idPlain(typed);
  const [year, month, day] = [text.slice(6, 10), text.slice(10, 12), text.slice(12, 14)].map(Number) as [
    number,
    number,
    number,
  ];
  // A day begins in Beijing.
  const today = new Date(now + 8 * 3_600_000);
  const had = today.getUTCMonth() + 1 > month || (today.getUTCMonth() + 1 === month && today.getUTCDate() >= day);
  return {
    sex: Number(text[16]) % 2 === 1 ? "male" : "female",
    ageYears: today.getUTCFullYear() - year - (had ? 0 : 1),
  };
}

function bornOn(text: string): number | null {
  const [year, month, day] = [text.slice(6, 10), text.slice(10, 12), text.slice(12, 14)].map(Number) as [
    number,
    number,
    number,
  ];
  const at = new Date(Date.UTC(year, month - 1, day));
  const exists = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return exists ? at.getTime() : null;
}
