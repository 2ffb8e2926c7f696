/** What is written down at the patients of this run: at the service, and waiting on this phone. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { crew } from "./crew.svelte";
import { together, type Entry, type HandSignal, type Said, type Treatment } from "./charting";
import type { Written } from "./outbox.svelte";
import { namedOf, EMPTY } from "./people";
import { forgetSeat, keepSeat, keptSeat } from "./shelf";

/** So long what was written can be taken back by one tap; milliseconds. */
export const UNDO_MS = 10_000;

interface Kept {
  forms: Schemas["ChartFormsOut"] | null;
  patient: string | null;
  entries: readonly Entry[];
}

export interface Somebody {
  /** At the service, or of what waits here. */
  id: string;
  row: Schemas["PatientRow"] | null;
}

class Chart {
  forms = $state.raw<Schemas["ChartFormsOut"] | null>(null);
  /** Of which patient the entries are. */
  #of = $state<string | null>(null);
  #entries = $state.raw<readonly Entry[]>([]);
  #chosen = $state<string | null>(null);
  /** The last that was written, as long as it can be taken back. */
  last = $state.raw<Said | null>(null);
  #asked = 0;

  readonly signals: ReadonlyMap<string, HandSignal> = $derived(
    new Map((this.forms?.signals ?? []).map((one) => [one.name, one])),
  );
  readonly treatments: ReadonlyMap<string, Treatment> = $derived(
    new Map((this.forms?.treatments ?? []).map((one) => [one.code, one])),
  );

  /** Who can be written about: those of the incident, and who was recorded here and waits. */
  readonly patients: readonly Somebody[] = $derived([
    ...(crew.detail?.incident.patients ?? [])
      .filter(({ state }) => state !== "merged")
      .toSorted((a, b) => Number(a.state !== "open") - Number(b.state !== "open"))
      .map((row) => ({ id: row.id, row })),
    ...crew.outbox.waiting
      .filter(({ run, act }) => act.kind === "patient" && run === crew.row?.id)
      .map(({ id }) => ({ id, row: null })),
  ]);

  /** Whom is written about; null: nobody is recorded yet. */
  readonly patient: string | null = $derived(this.#whom());

  readonly said: readonly Said[] = $derived(this.#said());

  #whom(): string | null {
    const chosen = this.#chosen === null ? null : (crew.outbox.made.get(this.#chosen) ?? this.#chosen);
    if (chosen !== null && this.patients.some(({ id }) => id === chosen)) return chosen;
    // Recorded here a moment ago: the service's account of it is on its way.
    const isNew = chosen !== null && [...crew.outbox.made.values()].includes(chosen) && this.patients.length === 0;
    if (isNew) return chosen;
    const [first] = this.patients;
    if (first !== undefined) return first.id;
    const waits = crew.outbox.waiting.findLast(({ run, act }) => act.kind === "chart" && run === crew.row?.id);
    return waits?.act.kind === "chart" ? waits.act.patient : null;
  }

  #said(): readonly Said[] {
    const { patient } = this;
    const taken = new Set<string>();
    const held = crew.outbox.all.flatMap(({ id, act, at, refused }): Said[] => {
      if (act.kind === "unchart") taken.add(act.entry);
      if (act.kind !== "chart" || act.patient !== patient || refused !== null) return [];
      return [{ id, atMs: at - crew.offByMs, ...act.entry, words: null, counts: true, held: true, by: null }];
    });
    for (const { act } of crew.outbox.taken) if (act.kind === "unchart") taken.add(act.entry);
    return together(this.#of === patient ? this.#entries : [], held, taken);
  }

  choose(id: string): void {
    this.#chosen = id;
  }

  /** Whom something is of; without a patient somebody unknown is recorded first. Null: there is no job. */
  somebody(): string | null {
    if (this.patient !== null) return crew.outbox.made.get(this.patient) ?? this.patient;
    const incident = crew.row?.incident_id;
    if (incident === undefined) return null;
    const patient = crypto.randomUUID();
    this.#chosen = patient;
    const recording = crew.record({ kind: "patient", incident, named: namedOf(EMPTY), outcome: null }, null, patient);
    void recording.then(() => this.load());
    return patient;
  }

  /** Write down, now or in the place of an entry; without a patient somebody unknown is recorded first. */
  async write(written: Partial<Written>, instead: Said | null = null): Promise<void> {
    const patient = this.somebody();
    if (patient === null) return;
    const entry = { values: null, treatment: null, amount: null, corrects: instead?.id ?? null, ...written };
    const id = crypto.randomUUID();
    const act = { kind: "chart" as const, patient, entry };
    const atMs = instead?.atMs ?? Date.now() - crew.offByMs;
    const said = { id, atMs, ...entry, words: null, counts: true, held: true, by: null };
    this.last = said;
    setTimeout(() => {
      if (this.last === said) this.last = null;
    }, UNDO_MS);
    await crew.record(act, instead?.atMs ?? null, id);
    await this.load();
  }

  /** It was a mistake. */
  async takeBack({ id }: Said): Promise<void> {
    if (this.last?.id === id) this.last = null;
    const { patient } = this;
    if (patient === null || (await crew.outbox.takeBack(id))) return;
    await crew.record({ kind: "unchart", patient: crew.outbox.made.get(patient) ?? patient, entry: id });
    await this.load();
  }

  /** Ask what can be written and what is, and keep it for a page that is opened without a link. */
  async load(): Promise<void> {
    const { patient } = this;
    const asked = ++this.#asked;
    try {
      this.forms ??= await told(api.GET("/api/chart-forms"));
      if (patient !== null && !crew.outbox.waiting.some(({ id }) => id === patient)) {
        const params = { path: { patient_id: patient } };
        const { entries } = await told(api.GET("/api/patients/{patient_id}/chart", { params }));
        if (asked !== this.#asked) return;
        this.#of = patient;
        this.#entries = entries;
      }
      await keepSeat(
        $state.snapshot<Kept>({ forms: this.forms, patient: this.#of, entries: [...this.#entries] }),
        "chart",
      );
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      await this.#restore();
    }
  }

  async #restore(): Promise<void> {
    if (this.forms !== null) return;
    const kept = (await keptSeat("chart")) as Kept | undefined;
    if (kept === undefined || this.forms !== null) return;
    this.forms = kept.forms;
    this.#of = kept.patient;
    this.#entries = kept.entries;
  }

  async forget(): Promise<void> {
    this.#asked += 1;
    this.#entries = [];
    this.#of = this.#chosen = this.last = null;
    await forgetSeat();
  }
}

export const chart = new Chart();
