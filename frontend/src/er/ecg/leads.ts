/** The leads by their numbers in `signals.toml`, and those that follow from I and II (domain paper, section 2.4). */

export const LEADS = {
  I: 1,
  II: 2,
  III: 3,
  aVR: 4,
  aVL: 5,
  aVF: 6,
  V1: 7,
  V2: 8,
  V3: 9,
  V4: 10,
  V5: 11,
  V6: 12,
} as const;
export type Lead = keyof typeof LEADS;

type Derive = (one: number, two: number) => number;

/** III = II − I, aVR = −(I + II)/2, aVL = I − II/2, aVF = II − I/2; millivolts. Where one is not known, neither is this. */
export const DERIVED: Partial<Record<Lead, Derive>> = {
  III: (one, two) => two - one,
  aVR: (one, two) => -(one + two) / 2,
  aVL: (one, two) => one - two / 2,
  aVF: (one, two) => two - one / 2,
};

/** Whether a lead is drawn as it was sent, reckoned from I and II, or not at all. What was sent is never replaced. */
export function sourceOf(lead: Lead, sent: ReadonlySet<number>): "sent" | "derived" | "none" {
  if (sent.has(LEADS[lead])) return "sent";
  return DERIVED[lead] !== undefined && sent.has(LEADS.I) && sent.has(LEADS.II) ? "derived" : "none";
}
