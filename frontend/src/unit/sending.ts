/** How each thing that was done on board goes to the service, and what its answer means. */

import { NoAnswer, orders, Refusal, told } from "../client/api";
import { live } from "../live/store.svelte";
import type { Act, Held, Sent } from "./outbox.svelte";

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

async function said(held: Held): Promise<Sent> {
  const { id, unit, run, act, at } = held;
  const when = { at: new Date(at).toISOString(), sent_at: new Date().toISOString() };
  if (act.kind === "time") {
    if (run === null) return { became: "refused", code: "assignment.not_found" };
    const params = { path: { assignment_id: run } };
    const body = { point: act.point, ...when };
    const answer = await told(orders.POST("/api/assignments/{assignment_id}/times", { params, body }));
    return { became: "taken", at: answer.at };
  }
  if (act.kind === "call") {
    if (run === null) return { became: "refused", code: "assignment.not_found" };
    const params = { path: { assignment_id: run } };
    const body = { call: act.call, ...when };
    const answer = await told(orders.POST("/api/assignments/{assignment_id}/crew-calls", { params, body }));
    return { became: "taken", at: answer.began_at };
  }
  if (act.kind === "chart") {
    const params = { path: { patient_id: act.patient } };
    const body = { id, unit_id: unit, ...act.entry, ...when };
    const answer = await told(orders.POST("/api/patients/{patient_id}/chart", { params, body }));
    return { became: "taken", at: answer.at };
  }
  if (act.kind === "attach" || act.kind === "detach") {
    await laid(unit, act, at);
    return { became: "taken", at: when.at };
  }
  if (act.kind === "message") {
    const params = { path: { incident_id: act.incident } };
    const body = { id, unit_id: unit, patient_id: act.patient, phrase: act.phrase, words: act.words, ...when };
    const answer = await told(orders.POST("/api/incidents/{incident_id}/messages", { params, body }));
    return { became: "taken", at: answer.at };
  }
  if (act.kind === "witnessed") {
    const params = { path: { patient_id: act.patient } };
    const now = new Date(Math.min(live.clock.now(), at - (live.clock.wrongByMs ?? 0))).toISOString();
    const body = { reason: act.reason, witness: act.witness, at: now };
    await told(orders.POST("/api/patients/{patient_id}/handover/witnessed", { params, body }));
    return { became: "taken", at: now };
  }
  if (act.kind === "order") {
    await ofOrder(act, unit, when);
    return { became: "taken", at: when.at };
  }
  if (act.kind === "unchart") {
    const params = { path: { patient_id: act.patient, entry_id: act.entry } };
    await told(orders.POST("/api/patients/{patient_id}/chart/{entry_id}/withdrawal", { params }));
    return { became: "taken", at: when.at };
  }
  if (act.kind !== "status") {
    const made = await ofPatient(held, act);
    return made === undefined ? { became: "taken", at: when.at } : { became: "taken", at: when.at, made };
  }
  const params = { path: { unit_id: unit } };
  const source = act.automatic === true ? ("auto" as const) : null;
  const body = { status: act.status, reason: act.reason, run_id: run, report_id: id, source, ...when };
  const answer = await told(orders.POST("/api/fleet/{unit_id}/status", { params, body }));
  live.units.merge([answer.unit]);
  if (MOVED.has(answer.effect)) return { became: "taken", at: answer.at };
  return { became: "kept", why: answer.refused?.code ?? answer.effect };
}

/** What was told of an order; told twice it stays. */
async function ofOrder(
  act: Extract<Act, { kind: "order" }>,
  unit_id: string,
  when: { at: string; sent_at: string },
): Promise<void> {
  const params = { path: { order_id: act.order } };
  if (act.did === "confirmed") await told(orders.POST("/api/orders/{order_id}/confirmation", { params, body: when }));
  else if (act.did === "done") {
    const body = { amount: act.amount, unit_id, ...when };
    await told(orders.POST("/api/orders/{order_id}/done", { params, body }));
  } else {
    const body = { reason: act.reason ?? "other", ...when };
    await told(orders.POST("/api/orders/{order_id}/not-done", { params, body }));
  }
}

/** Told twice, its answer lost, it stays as it was told. */
async function laid(unit_id: string, act: Extract<Act, { slot: number }>, at: number): Promise<void> {
  const when = { at: new Date(Math.min(live.clock.now(), at - (live.clock.wrongByMs ?? 0))).toISOString() };
  const params = { path: { unit_id, slot: act.slot } };
  try {
    if (act.kind === "detach")
      await told(orders.POST("/api/fleet/{unit_id}/slots/{slot}/detach", { params, body: when }));
    else {
      const body = { patient_id: act.patient, ...when };
      await told(orders.PUT("/api/fleet/{unit_id}/slots/{slot}/patient", { params, body }));
    }
  } catch (error) {
    const repeated = ["attachment.same_time", "attachment.none", "attachment.same"];
    if (!(error instanceof Refusal) || !repeated.includes(error.code)) throw error;
  }
}

type OfPatient = Extract<Act, { kind: "patient" | "named" | "outcome" }>;

/** Patients' data carry no clock of the phone: their time is reckoned here, and never lies ahead. Who was made, if one was. */
async function ofPatient({ id, unit, at }: Held, act: OfPatient): Promise<string | undefined> {
  const now = live.clock.now();
  const when = { at: new Date(Math.min(now, at - (live.clock.wrongByMs ?? 0))).toISOString() };
  if (act.kind === "patient") {
    const params = { path: { incident_id: act.incident }, header: { "idempotency-key": id } };
    const body = { ...act.named, outcome: act.outcome, ...when };
    const made = await told(orders.POST("/api/incidents/{incident_id}/patients", { params, body }));
    if (act.outcome === null) await carried(made.id, unit, when.at);
    return made.id;
  }
  const params = { path: { patient_id: act.patient } };
  if (act.kind === "outcome") {
    try {
      const body = { outcome: act.outcome, reason: act.reason, ...when };
      await told(orders.POST("/api/patients/{patient_id}/outcome", { params, body }));
    } catch (error) {
      // A correction owes a reason; what was told already, its answer lost, is none.
      if (!(error instanceof Refusal) || error.code !== "outcome.reason" || act.reason !== "") throw error;
      const { patient } = await told(orders.GET("/api/patients/{patient_id}", { params }));
      if (patient.outcome !== act.outcome.outcome) throw error;
    }
    return undefined;
  }
  try {
    await named(act, act.version, when.at);
  } catch (error) {
    // Another has said more meanwhile: what is left empty here stays as it is there.
    if (!(error instanceof Refusal) || error.code !== "patient.outdated") throw error;
    const { patient } = await told(orders.GET("/api/patients/{patient_id}", { params }));
    await named(act, patient.version, when.at);
  }
  return undefined;
}

async function named(act: Extract<Act, { kind: "named" }>, version: number, at: string): Promise<void> {
  const params = { path: { patient_id: act.patient } };
  await told(orders.PATCH("/api/patients/{patient_id}", { params, body: { ...act.named, version, at } }));
}

/** The patient is with this unit; that another has said so before is as well. */
async function carried(patient_id: string, unit_id: string, at: string): Promise<void> {
  try {
    await told(
      orders.POST("/api/patients/{patient_id}/care", { params: { path: { patient_id } }, body: { unit_id, at } }),
    );
  } catch (error) {
    if (!(error instanceof Refusal) || !["care.twice", "care.carried"].includes(error.code)) throw error;
  }
}
