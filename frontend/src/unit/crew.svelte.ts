/** The crew's own: where this person is signed on, the job of that unit, and what is known of it. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { buildOf } from "../offline/build.svelte";
import { live, type KeptLive } from "../live/store.svelte";
import type { Topic } from "../live/protocol";
import type { AssignmentRow, UnitRow } from "../live/rows";
import { session, type Who } from "../session/session.svelte";
import { Outbox, type Act, type CrewCall } from "./outbox.svelte";
import { send } from "./sending";
import { staysOf } from "./people";
import { forgetSeat, keepSeat, keptSeat, shelf } from "./shelf";
import { NO_CARDS, type CardWords } from "./answers";
import { nextOf, standings, STATUS, type Standing, type Step } from "./steps";

export const TOPICS: readonly Topic[] = ["incidents", "units", "assignments"];
/** What is kept of a shift goes with it; milliseconds. */
const KEPT_FOR_MS = 12 * 3_600_000;
/** Facts come in flocks; milliseconds. */
const QUIET_MS = 250;

export type Duty = Schemas["CrewDutyOut"];

/** All that is shown of a job beside its rows. */
export interface Job {
  assignment: Schemas["AssignmentOut"];
  incident: Schemas["IncidentOut"];
  answers: Schemas["AnswersOut"] | null;
  calls: readonly Schemas["DetectionOut"][];
  /** Statuses that the vehicle's place suggests; absent in what an older page kept. */
  offers?: readonly Schemas["DetectionOut"][];
}

interface Kept {
  build: string;
  who: Who;
  duty: Duty | null;
  live: KeptLive;
  job: Job | null;
  cards: CardWords;
}

export interface Call {
  call: CrewCall;
  at: number;
  held: boolean;
  seen: { name: string; at: number } | null;
}

/** A job that is over, and not because the crew said so. */
export interface Over {
  reason: Schemas["EndReason"];
  number: string;
}

class Crew {
  readonly outbox = new Outbox(shelf, send);
  /** Undefined: not known yet. */
  duty = $state.raw<Duty | null | undefined>(undefined);
  job = $state.raw<Job | null>(null);
  cards = $state.raw<CardWords>(NO_CARDS);
  /** The last job was taken away: somebody must have read that. */
  ended = $state.raw<Over | null>(null);
  #last: AssignmentRow | undefined;
  #loading: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  readonly unit: UnitRow | undefined = $derived(this.duty ? live.units.get(this.duty.unit_id) : undefined);
  readonly row: AssignmentRow | undefined = $derived(
    this.duty ? live.assignments.all.find((one) => one.unit_id === this.duty?.unit_id) : undefined,
  );
  /** How far this phone's clock is ahead, where that is more than the service lets pass; milliseconds. */
  readonly offByMs: number = $derived(live.clock.wrongByMs ?? 0);
  readonly steps: readonly Standing[] = $derived(this.#standings());
  readonly next: Step | null = $derived(nextOf(this.steps));
  /** The run was ended here, and the service does not know it yet. */
  readonly ending: boolean = $derived(["held", "told"].includes(this.steps.at(-1)?.state ?? ""));

  /** The job's details, while they are of the present run. */
  readonly detail: Job | null = $derived(this.job?.assignment.assignment.id === this.row?.id ? this.job : null);

  /** Nobody is taken to a hospital: everybody found has an outcome, told or waiting here, of another kind. */
  readonly stays: boolean = $derived(
    staysOf(
      this.detail?.incident.patients ?? [],
      this.outbox.waiting.flatMap(({ run, act }) => (run === this.row?.id ? [act] : [])),
    ),
  );

  #standings(): Standing[] {
    const { row } = this;
    if (row === undefined) return [];
    const acknowledged = row.acknowledged_at;
    const times = [
      ...(this.detail?.assignment.times ?? []),
      ...(acknowledged === null ? [] : [{ point: "T4" as const, at: acknowledged }]),
    ];
    const held = this.outbox.all.filter(({ run }) => run === row.id);
    const taken = this.outbox.taken.filter(({ run }) => run === row.id);
    const { offByMs, stays } = this;
    return standings({ times, taken, status: this.unit?.status ?? null, held, offByMs, stays });
  }

  /** Somebody is here. */
  async of(who: Who): Promise<void> {
    await this.outbox.of(who.id);
  }

  /** Everything that the link tells may change the job. */
  follow(): () => void {
    return live.onFact((fact) => {
      if (fact.type.startsWith("crew.")) void this.lookForDuty();
      this.reload();
    });
  }

  async lookForDuty(): Promise<void> {
    const answer = await quietly(() => told(api.GET("/api/crew-duties/own")));
    if (answer !== undefined) this.duty = answer.duty;
  }

  async loadCards(): Promise<void> {
    if (this.cards.said !== null) return;
    const set = await quietly(() => told(api.GET("/api/cards")));
    if (set === undefined) return;
    const names = Object.fromEntries(set.cards.map(({ id, name }) => [id, name]));
    const questions = Object.fromEntries(set.questions.map((one) => [one.id, one]));
    this.cards = { names, questions, said: set.words };
  }

  /** Ask for the job anew, once however many facts have come. */
  reload(): void {
    clearTimeout(this.#loading);
    this.#loading = setTimeout(() => void this.#load(), QUIET_MS);
  }

  async #load(): Promise<void> {
    const { row } = this;
    if (row === undefined) return;
    const asked = ++this.#asked;
    const assignment_id = row.id;
    const incident_id = row.incident_id;
    const found = await quietly(() =>
      Promise.all([
        told(api.GET("/api/assignments/{assignment_id}", { params: { path: { assignment_id } } })),
        told(api.GET("/api/incidents/{incident_id}", { params: { path: { incident_id } } })),
        told(api.GET("/api/incidents/{incident_id}/answers", { params: { path: { incident_id } } })),
        told(api.GET("/api/detections", { params: { query: { incident_id } } })),
      ]),
    );
    if (found === undefined || asked !== this.#asked) return;
    const [assignment, incident, answers, { detections }] = found;
    const calls = detections.filter(({ code, assignment_id }) => code.startsWith("crew.") && assignment_id === row.id);
    const offers = detections.filter(({ kind }) => kind === "offer");
    this.job = { assignment, incident, answers, calls, offers };
    void this.keep();
  }

  /** Look whether the job that was here is here no more, and why: `$effect(() => void crew.compare())`. */
  async compare(): Promise<void> {
    const { row } = this;
    const last = this.#last;
    if (row !== undefined) this.#last = row;
    // What is not known is no end.
    if (!live.current || !live.assignments.known || last === undefined || last.id === row?.id) return;
    if (row === undefined) this.#last = undefined;
    const params = { path: { assignment_id: last.id } };
    const answer = await quietly(() => told(api.GET("/api/assignments/{assignment_id}", { params })));
    const reason = answer?.assignment.end_reason ?? null;
    if (reason !== null && reason !== "completed") this.ended = { reason, number: last.incident_number };
  }

  /** A step was tapped: now, or `at` a time by the service's clock for one that was forgotten. */
  async tap(step: Step, at: number | null = null, automatic = false): Promise<void> {
    const { duty, row } = this;
    if (!duty || row === undefined) return;
    const status = STATUS[step];
    const act: Act =
      status === undefined
        ? { kind: "time", point: step === "acknowledged" ? "T4" : "T10" }
        : { kind: "status", status, reason: null, automatic };
    await this.#do(duty.unit_id, row.id, act, at);
    this.reload();
  }

  /** What the unit does between jobs. */
  async say(status: Schemas["UnitStatus"], reason: Schemas["OutReason"] | null = null): Promise<void> {
    if (this.duty) await this.#do(this.duty.unit_id, null, { kind: "status", status, reason }, null);
  }

  /** What was called for on this run, with who has seen it. */
  readonly calls: readonly Call[] = $derived(this.#calls());

  #calls(): Call[] {
    const { row, detail } = this;
    const known = (detail?.calls ?? []).flatMap((one): Call[] => {
      const call = one.code.replace(/^crew\./, "") as CrewCall;
      const seen = one.acknowledgements.find(({ side }) => side === "dispatch");
      const by = seen === undefined ? null : { name: seen.name ?? "", at: Date.parse(seen.at) };
      return [{ call, at: Date.parse(one.began_at), held: false, seen: by }];
    });
    const waits = this.outbox.waiting.flatMap(({ run, act, at }): Call[] =>
      act.kind === "call" && run === row?.id ? [{ call: act.call, at: at - this.offByMs, held: true, seen: null }] : [],
    );
    return [...waits, ...known];
  }

  async call(call: CrewCall): Promise<void> {
    await this.record({ kind: "call", call });
  }

  /** The vehicle cannot go on: the dispatcher is called, it leaves the run, and the incident waits for another. */
  async leaveBroken(call: CrewCall): Promise<void> {
    // Neither waits until the other has gone out.
    const called = this.call(call);
    await this.record({ kind: "status", status: "out_of_service", reason: "fault" });
    await called;
  }

  /** Something of a patient; `at` by the service's clock, else now. Under an id of one's own, if something else needs it. */
  async record(act: Act, at: number | null = null, id: string = crypto.randomUUID()): Promise<void> {
    const { duty, row } = this;
    if (!duty || row === undefined) return;
    await this.#do(duty.unit_id, row.id, act, at, id);
    this.reload();
  }

  async #do(unit: string, run: string | null, act: Act, at: number | null, id?: string): Promise<void> {
    const done = { unit, run, act, at: at === null ? Date.now() : at + this.offByMs };
    await this.outbox.add(id === undefined ? done : { ...done, id });
  }

  async signOn(unit_id: string, skill: Schemas["Skill"]): Promise<void> {
    const person_id = session.who?.id ?? "";
    const params = { path: { unit_id } };
    this.duty = await told(api.POST("/api/fleet/{unit_id}/crew", { params, body: { person_id, skill } }));
  }

  async signOff(): Promise<void> {
    if (!this.duty) return;
    const params = { path: { duty_id: this.duty.id } };
    await told(api.POST("/api/crew-duties/{duty_id}/end", { params, body: {} }));
    this.duty = null;
    this.job = null;
    this.#last = undefined;
    await forgetSeat();
  }

  /** Keep what is known now, to begin with should the page be opened without a link. */
  async keep(): Promise<void> {
    const { who } = session;
    const known = live.kept();
    if (who === null || known === null || this.duty === undefined || session.state !== "in") return;
    const kept: Kept = { build: buildOf(), who, duty: this.duty, live: known, job: this.job, cards: this.cards };
    await keepSeat($state.snapshot(kept));
  }

  /** Begin with what was kept, if there is any; who was here. */
  async restore(): Promise<Who | null> {
    const kept = (await keptSeat()) as Kept | undefined;
    if (kept === undefined || kept.build !== buildOf()) return null;
    if (Date.now() - kept.live.offByMs - kept.live.trueUntil > KEPT_FOR_MS) return null;
    live.restore(kept.live);
    this.duty = kept.duty;
    this.job = kept.job;
    this.cards = kept.cards;
    return kept.who;
  }

  /** Nothing of one person is left for the next; what waits to be sent stays until they are here again. */
  async forget(): Promise<void> {
    clearTimeout(this.#loading);
    this.#asked += 1;
    this.duty = undefined;
    this.job = null;
    this.ended = null;
    this.#last = undefined;
    await forgetSeat();
  }
}

/** What was asked for; undefined where there is no answer, or it is not ours to see any more. */
async function quietly<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof Refusal) return undefined;
    throw error;
  }
}

export const crew = new Crew();
