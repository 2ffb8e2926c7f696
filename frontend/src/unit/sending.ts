/** How each thing that was done on board goes to the service, and what its answer means. */

import { NoAnswer, orders, Refusal, told } from "../client/api";
import { live } from "../live/store.svelte";
import type { Held, Sent } from "./outbox.svelte";

const UNAUTHORIZED = 401;
const TOO_MANY = 429;
const FAULT = 500;
/** These effects moved what is told; the others were kept with their true time and moved nothing. */
const MOVED: ReadonlySet<string> = new Set(["applied", "repeated", "late", "correction"]);

export async function send(held: Held): Promise<Sent> {
  try {
    return await said(held);
  } catch (error) {
    return became(error);
  }
}

/** What a refusal means: one that may pass, or whose login may come, waits; any other is for people to read. */
export function became(error: unknown): Sent {
  if (error instanceof NoAnswer) return { became: "waits" };
  if (!(error instanceof Refusal)) throw error;
  const { status, code } = error;
  const passes = status >= FAULT || status === UNAUTHORIZED || status === TOO_MANY || status === 0;
  return passes ? { became: "waits" } : { became: "refused", code };
}

async function said({ id, unit, run, act, at }: Held): Promise<Sent> {
  const when = { at: new Date(at).toISOString(), sent_at: new Date().toISOString() };
  if (act.kind === "time") {
    if (run === null) return { became: "refused", code: "assignment.not_found" };
    const params = { path: { assignment_id: run } };
    const body = { point: act.point, ...when };
    const answer = await told(orders.POST("/api/assignments/{assignment_id}/times", { params, body }));
    return { became: "taken", at: answer.at };
  }
  const params = { path: { unit_id: unit } };
  const body = { status: act.status, reason: act.reason, run_id: run, report_id: id, ...when };
  const answer = await told(orders.POST("/api/fleet/{unit_id}/status", { params, body }));
  live.units.merge([answer.unit]);
  if (MOVED.has(answer.effect)) return { became: "taken", at: answer.at };
  return { became: "kept", why: answer.refused?.code ?? answer.effect };
}
