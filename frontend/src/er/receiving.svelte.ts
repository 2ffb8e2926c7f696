/**
 * What one's own hospital does for who is brought to it. Pre-alerts sound at every seat of the hospital until somebody
 * there acknowledges them by name; there is no muting them. So does a crew that waits too long with its patient. Escalated ones, and those of a P1, sound more urgently.
 */

import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { Urgency } from "../alarms/rules";
import { play } from "../alarms/sounds";
import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { troubleWords } from "../i18n/refusals";
import { Asking } from "../live/asking";
import { live } from "../live/store.svelte";
import { settings } from "../shell/settings.svelte";
import { foremost, unsignedOf, waitOf, type Centre } from "./receiving";
import { inbounds } from "./inbound.svelte";

export type Prealert = Schemas["PrealertOut"];

const EVERY_MS = 2_000;
/** Facts come in flocks. */
const GATHER_MS = 200;
/** Between two bursts of sound. */
const SOUND_MS = 5_000;

/** A crew that waits too long with its patient is heard again after so long. */
const WAIT_SOUND_MS = 30_000;

class Receiving {
  /** Null: not told yet. */
  present = $state.raw<Schemas["ReceivingOut"] | null>(null);
  /** The browser lets no sound out before somebody has touched the page. */
  silenced = $state(false);
  readonly busy = new SvelteSet<string>();
  readonly #troubles = new SvelteMap<string, string>();
  readonly #asking = new Asking(() => this.#look(), EVERY_MS, GATHER_MS);
  readonly #lateHeard = new Set<string>();
  #waitSoundedAt = -WAIT_SOUND_MS;

  readonly #priorities = $derived(
    new Map((inbounds.present?.patients ?? []).map((one) => [one.patient_id, one.priority] as const)),
  );
  /** Those that nobody of the hospital has acknowledged yet, the most urgent first. */
  readonly open = $derived(foremost(this.present?.prealerts ?? [], (id) => this.urgencyOf(id)));

  /** Whom crews left by their T10, and nobody has signed for; the latest first. */
  readonly left = $derived(
    (this.present?.handovers ?? [])
      .filter((one) => unsignedOf(one, 0) !== null)
      .sort((one, two) => Date.parse(two.handed_at ?? "") - Date.parse(one.handed_at ?? "")),
  );

  urgencyOf(patientId: string): Urgency {
    const alert = this.prealertOf(patientId);
    return alert?.escalated_at != null || this.#priorities.get(patientId) === "P1" ? "high" : "medium";
  }

  /** What holds of a patient. */
  prealertOf(patientId: string): Prealert | undefined {
    return this.present?.prealerts.find((one) => one.patient_id === patientId && one.withdrawn_at === null);
  }

  troubleOf(id: string): string {
    return this.#troubles.get(id) ?? "";
  }

  /** Look and sound until stopped. */
  start(): () => void {
    const stopFacts = live.onFact(() => this.#asking.soon());
    this.#asking.start();
    const sounding = setInterval(() => void this.sound(), SOUND_MS);
    return () => {
      stopFacts();
      this.#asking.stop();
      clearInterval(sounding);
    };
  }

  async #look(): Promise<void> {
    const before = this.open.length;
    try {
      this.present = await told(api.GET("/api/er/receiving"));
      live.clock.heard(this.present.now);
      if (this.open.length > before) void this.sound();
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }

  async sound(): Promise<void> {
    const [first] = this.open;
    // Each is heard once, as it becomes late: there may be many, and none of them is in a vehicle any more.
    const late = this.left.filter(
      (one) => unsignedOf(one, live.clock.now())?.late && !this.#lateHeard.has(one.patient_id),
    );
    if (first === undefined && late.length > 0) {
      this.silenced = !(await play("medium", settings.liked.volume));
      if (!this.silenced) for (const one of late) this.#lateHeard.add(one.patient_id);
      return;
    }
    const waits = this.present?.handovers.some((one) => waitOf(one, live.clock.now())?.level === "late") ?? false;
    if (first !== undefined) this.silenced = !(await play(this.urgencyOf(first.patient_id), settings.liked.volume));
    else if (!waits) this.silenced = false;
    else if (performance.now() - this.#waitSoundedAt >= WAIT_SOUND_MS) {
      this.#waitSoundedAt = performance.now();
      this.silenced = !(await play("medium", settings.liked.volume));
    }
  }

  async acknowledge(alert: Prealert): Promise<void> {
    const params = { path: { prealert_id: alert.id } };
    await this.doing(alert.id, () => told(api.POST("/api/er/prealerts/{prealert_id}/acknowledgement", { params })));
  }

  /** The teams of a patient that are active. */
  teamsOf(patientId: string): Schemas["TeamOut"][] {
    return (this.present?.teams ?? []).filter((one) => one.patient_id === patientId && one.ended_at === null);
  }

  async activate(patient_id: string, centre: Centre): Promise<void> {
    const params = { path: { patient_id } };
    await this.doing(patient_id, () =>
      told(api.POST("/api/er/patients/{patient_id}/teams", { params, body: { centre } })),
    );
  }

  async step(team_id: string, step: Schemas["TeamStep"], clock: string | null = null): Promise<void> {
    const params = { path: { team_id } };
    await this.doing(team_id, () => told(api.POST("/api/er/teams/{team_id}/steps", { params, body: { step, clock } })));
  }

  handoverOf(patientId: string): Schemas["PatientHandoverOut"] | undefined {
    return this.present?.handovers.find((one) => one.patient_id === patientId);
  }

  async handOver(patient_id: string, step: Schemas["HandoverStep"]): Promise<void> {
    const params = { path: { patient_id } };
    await this.doing(patient_id, () =>
      told(api.POST("/api/er/patients/{patient_id}/handover/steps", { params, body: { step } })),
    );
  }

  async sign(patient_id: string, detaches: boolean): Promise<void> {
    const params = { path: { patient_id } };
    await this.doing(patient_id, () =>
      told(api.POST("/api/er/patients/{patient_id}/handover/signature", { params, body: { detaches } })),
    );
  }

  async closeUnsigned(patient_id: string, body: Schemas["UnsignedIn"]): Promise<void> {
    const params = { path: { patient_id } };
    await this.doing(patient_id, () =>
      told(api.POST("/api/patients/{patient_id}/handover/unsigned", { params, body })),
    );
  }

  preparationOf(patientId: string): Schemas["ItemOut"][] {
    return this.present?.preparations.find((one) => one.patient_id === patientId)?.items ?? [];
  }

  async tick(patient_id: string, item: string, ready: boolean): Promise<void> {
    const params = { path: { patient_id } };
    await this.doing(patient_id, () =>
      told(api.POST("/api/er/patients/{patient_id}/preparation", { params, body: { item, ready } })),
    );
  }

  /** Do one thing about `id`; what was wrong with it is told beside it. */
  async doing(id: string, act: () => Promise<unknown>): Promise<void> {
    if (this.busy.has(id)) return;
    this.busy.add(id);
    this.#troubles.delete(id);
    try {
      await act();
    } catch (error) {
      this.#troubles.set(id, troubleWords(error));
    }
    await this.#asking.now();
    this.busy.delete(id);
  }
}

export const receiving = new Receiving();
