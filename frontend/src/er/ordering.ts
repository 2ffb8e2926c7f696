/** What of an order can be sent, and how long it may wait. Pure. */

import type { Schemas } from "../client/api";

type Treatment = Pick<Schemas["TreatmentOut"], "group" | "amount" | "most">;

/** What no list has: its words say what is to be done. */
export const OTHER = "other";

/** A crew that has not seen an order for so long may be busy, or without a link: call it by radio. */
export const WAITS_MS = 60_000;

/** The number that was typed; null: nothing, undefined: no amount that can be ordered. */
export function amountOf(text: string): number | null | undefined {
  const plain = text.trim().replace("，", ".").replace(",", ".");
  if (plain === "") return null;
  const value = Number(plain);
  return /^\d+(\.\d+)?$/.test(plain) && value > 0 && value < 1e6 ? value : undefined;
}

/** A drug says how much and by which route; nothing else has a route, and an amount only where it has a unit. */
export function isWhole(
  treatment: Treatment | undefined,
  amount: number | null | undefined,
  route: string | null,
  routed: readonly string[],
): boolean {
  if (treatment === undefined || amount === undefined) return false;
  if (amount !== null && treatment.amount === null) return false;
  return routed.includes(treatment.group) ? amount !== null && route !== null : route === null;
}

/** More than is usually given at once. */
export function isAbove(treatment: Treatment | undefined, amount: number | null | undefined): boolean {
  return typeof amount === "number" && treatment?.most != null && amount > treatment.most;
}

/** Milliseconds for which nobody has seen an order, past the patience; null: seen, or not long enough. */
export function unseenMs(order: Pick<Schemas["CrewOrderOut"], "state" | "given_at">, nowMs: number): number | null {
  const waitedMs = nowMs - Date.parse(order.given_at);
  return order.state === "sent" && waitedMs >= WAITS_MS ? waitedMs : null;
}
