/** Alarms and NEWS2 of the patients on the board, as the service finds them. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import type { Urgency } from "../alarms/rules";

export type Alarm = Schemas["DetectionOut"];
export type Unwatched = Schemas["UnwatchedOut"];
export type Score = Schemas["ScoreOut"];

const EVERY_MS = 2_000;
const SCORED_EVERY_MS = 10_000;

class ErAlarms {
  present = $state.raw<readonly Alarm[]>([]);
  #unwatched = $state.raw<readonly Unwatched[]>([]);
  scores = $state.raw<ReadonlyMap<string, Score>>(new Map());
  #timer: ReturnType<typeof setTimeout> | undefined;
  #scoredAt = -SCORED_EVERY_MS;
  #patients: readonly string[] = [];

  /** Look again and again until stopped; `patients`: who is on the board. */
  start(patients: () => readonly string[]): () => void {
    const look = async (): Promise<void> => {
      const now = patients();
      const others = now.length !== this.#patients.length || now.some((id, place) => id !== this.#patients[place]);
      this.#patients = now;
      await this.#look(others);
      this.#timer = setTimeout(() => void look(), EVERY_MS);
    };
    void look();
    return () => clearTimeout(this.#timer);
  }

  /** What goes on about a patient, the gravest first. */
  of(patientId: string): Alarm[] {
    return this.present.filter((one) => one.patient_id === patientId && one.priority !== null);
  }

  /** Since when alarms are not looked for at a patient, milliseconds since 1970; null: they are. */
  unwatchedSince(patientId: string): number | null {
    const one = this.#unwatched.find(({ patient_id }) => patient_id === patientId);
    return one === undefined ? null : Date.parse(one.since);
  }

  /** The gravest alarm that goes on about one of these signals. */
  about(patientId: string, signals: readonly string[]): Urgency | undefined {
    const found = this.of(patientId).find(
      ({ signal, ended_at }) => ended_at === null && signals.includes(signal ?? ""),
    );
    return found?.priority ?? undefined;
  }

  async acknowledge(alarm: Alarm): Promise<void> {
    const params = { path: { detection_id: alarm.id } };
    await told(
      api.POST("/api/detections/{detection_id}/acknowledgements", { params, body: { version: alarm.version } }),
    );
    await this.#look(false);
  }

  async #look(others: boolean): Promise<void> {
    try {
      const answer = await told(api.GET("/api/detections"));
      this.present = answer.detections;
      this.#unwatched = answer.unwatched;
      if (!others && performance.now() - this.#scoredAt < SCORED_EVERY_MS) return;
      this.#scoredAt = performance.now();
      const scores = await Promise.all(
        this.#patients.map((patient_id) =>
          told(api.GET("/api/patients/{patient_id}/news2", { params: { path: { patient_id } } })).catch(() => null),
        ),
      );
      this.scores = new Map(scores.flatMap((one) => (one === null ? [] : [[one.patient_id, one] as const])));
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }
}

export const erAlarms = new ErAlarms();
