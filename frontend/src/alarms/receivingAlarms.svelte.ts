/** What hospitals have not done in time: asked for whenever the link says that something about it has changed. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { i18n } from "../i18n/index.svelte";
import { live } from "../live/store.svelte";
import type { Condition } from "./rules";

const ABOUT = /^(?:prealert|reception|destination|patient|assignment|unit)\./;

class ReceivingAlarms {
  #all = $state.raw<Schemas["ReceivingAlarmsOut"]["alarms"]>([]);
  #asked = 0;

  readonly open: readonly Condition[] = $derived(
    this.#all.map((one) => ({
      id: `${one.kind}:${one.id}`,
      kind: one.kind,
      urgency: one.priority,
      since: Date.parse(one.since),
      incidentId: one.incident_id,
      incidentNumber: one.number,
      callSign: [one.call_sign, i18n.name({ zh: one.hospital_zh, en: one.hospital_en, ug: one.hospital_ug })]
        .filter((word) => word !== "")
        .join(" "),
    })),
  );

  /** Ask now, and whenever something changes; returns how to stop. */
  follow(): () => void {
    void this.look();
    return live.onFact(({ type }) => {
      if (ABOUT.test(type)) void this.look();
    });
  }

  async look(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const answer = await told(api.GET("/api/receiving/alarms"));
      if (asked === this.#asked) this.#all = answer.alarms;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }
}

export const receivingAlarms = new ReceivingAlarms();
