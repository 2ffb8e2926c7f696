/**
 * The call in hand: what is typed for it, where that is kept, and the incident that it becomes.
 *
 * Until the incident is open all that is typed is a draft, saved as it is typed. From then on each thing is told to the
 * incident itself. A call without telephony enters the record with the first thing typed, as of the moment of F2.
 */

import { api, told } from "../client/api";
import { Assessing } from "../cards/assessing.svelte";
import { without, type Answer } from "../cards/answers";
import { i18n } from "../i18n/index.svelte";
import { refusedWords } from "../i18n/refusals";
import { live } from "../live/store.svelte";
import type { PatientRow } from "../incidents/patientForm";
import type { CallRow, IncidentRow } from "../live/rows";
import { selection } from "../shell/selection.svelte";
import { emptyDraft, isEmpty, type DraftBody, type DraftPlace } from "./draft";
import { putDraft, takeDraft } from "./kept";
import { Known } from "./known.svelte";
import { merged } from "./merging";
import { noteOf } from "./noting";
import { incidentOf, isArrest, opensByItself } from "./opening";
import { Places } from "./places.svelte";
import { ringingCalls } from "./ringing";
import { Saving } from "./saving.svelte";
import { Sending } from "./sending.svelte";
import { AGE, tellCaller, Telling } from "./telling";

export const UNKNOWN_CARD = "K36";

class Taking {
  /** The screen is in front. */
  open = $state(false);
  /** A call is in hand, in front or not. */
  held = $state(false);
  callId = $state<string | null>(null);
  /** When intake began; milliseconds since 1970. */
  beganAt = $state(0);
  body = $state.raw<DraftBody>(emptyDraft("zh"));
  /** When each question was answered last. */
  answeredAt = $state.raw<Readonly<Record<string, number>>>({});
  incidentId = $state<string | null>(null);
  opening = $state(false);
  /** Why something was not taken; "" when no answer came, null when all was taken. */
  refused = $state<string | null>(null);
  saving = $state.raw(this.#newSaving());
  readonly sending = new Sending();
  readonly assessing = new Assessing();
  readonly places = new Places();
  readonly known = new Known();
  telling: Telling | null = null;
  #key = "";

  readonly call: CallRow | undefined = $derived(live.calls.seen(this.callId));
  /** The card that is asked: the one chosen, else that of what is unknown, so that a and b can be asked at once. */
  readonly cardId: string = $derived(this.body.card || UNKNOWN_CARD);
  readonly arrest: boolean = $derived(this.assessing.value !== null && isArrest(this.assessing.value));

  /** F2: the call in hand comes to the front; else the one that rings longest is answered; else a new one begins. */
  async start(): Promise<void> {
    if (this.held) {
      this.open = true;
      selection.incident(this.incidentId);
      return;
    }
    const ringing = ringingCalls()[0];
    this.begin();
    if (ringing === undefined) return;
    this.callId = ringing.id;
    this.body = { ...this.body, language: ringing.language || this.body.language };
    this.known.history(ringing.id);
    await this.tried(async () => {
      const params = { path: { call_id: ringing.id } };
      live.calls.merge([await told(api.POST("/api/calls/{call_id}/answer", { params, body: {} }))]);
    });
  }

  /** Go on with a call: with the draft of a seat that has dropped, or one's own. What was typed here is laid over it. */
  async resume(call_id: string, anyway = false): Promise<void> {
    const again = this.held && this.callId === call_id && this.incidentId === null;
    const [mine, kept] = [this.body, this.saving.kept];
    this.begin();
    const base = (again ? kept : null) ?? this.body;
    if (again) this.body = mine;
    this.callId = call_id;
    this.known.history(call_id);
    this.saving.pause();
    const taken = await this.tried(async () => {
      const draft = await takeDraft(call_id, anyway);
      if (draft !== null) {
        this.body = merged(base, this.body, draft.body);
        this.saving.from(draft.saved, draft.body);
      }
      if (!isEmpty(this.body)) this.saving.changed(this.body);
      void this.assessing.ask(this.cardId, this.body.answers);
    });
    this.saving.resume();
    if (!taken && this.refused !== "" && !again) this.release();
  }

  /** Go on with an incident that is open: what is typed is told to it. */
  attach(
    row: IncidentRow,
    callId: string | null,
    answers: DraftBody["answers"],
    patient: PatientRow | null = null,
  ): void {
    this.begin();
    const { lat, lon, words, complaint: card, people } = row;
    const patients = patient === null ? [] : [{ sex: patient.sex, age_years: null, words: "" }];
    const label = words.slice(0, 200);
    const place: DraftPlace | null = lat === null || lon === null ? null : { lat, lon, label, source: "typed" };
    this.callId = callId;
    this.incidentId = row.id;
    this.beganAt = Date.parse(row.t0);
    this.body = { ...this.body, card, answers, place, place_words: words, people, patients };
    this.telling = new Telling(row.id, this.sending, patient);
    selection.incident(row.id);
    void this.assessing.ask(this.cardId, answers);
  }

  /** Back to the boards; what was typed stays in hand. Where nothing was typed, nothing was begun. */
  leave(): void {
    this.open = false;
    if (this.callId === null && isEmpty(this.body)) this.release();
  }

  /** Done with it: another call can be taken. */
  release(): void {
    this.saving.stop();
    this.assessing.forget();
    this.places.forget();
    this.known.forget();
    this.open = false;
    this.held = false;
  }

  /** Something was typed. */
  change(change: Partial<DraftBody>): void {
    this.body = { ...this.body, ...change };
    if (this.incidentId === null) this.saving.changed(this.body);
  }

  answer(key: string, answer: Answer | undefined): void {
    const answers = without(this.body.answers, key);
    this.change({ answers: answer === undefined ? answers : { ...answers, [key]: answer } });
    this.answeredAt = { ...this.answeredAt, [key]: live.clock.now() };
    this.#answered({ [key]: answer ?? null });
    if (key === AGE) this.telling?.patient(this.body);
  }

  chooseCard(card: string): void {
    this.change({ card });
    this.#answered({});
  }

  choosePlace(place: DraftPlace, words: string, direction = ""): void {
    this.change({ place, place_words: words, direction });
    void this.places.describe(place.lat, place.lon);
    this.#look();
    this.telling?.place(this.body);
  }

  /** A point on the map was chosen; its words follow once they are told. */
  pointed(at: { lat: number; lon: number }): void {
    const label = `${at.lat.toFixed(5)}, ${at.lon.toFixed(5)}`;
    this.choosePlace({ lat: at.lat, lon: at.lon, label, source: "map" }, label);
  }

  /** Number or name of the caller, once nobody types in it any more. Until the incident is open the draft has them. */
  callerTyped(): void {
    const call_id = this.callId;
    if (this.telling === null || call_id === null) return;
    this.sending.add({ name: "caller", act: () => this.describeCaller(call_id) });
  }

  /** One line of notes, finished. */
  note(text: string): void {
    const line = text.trim();
    if (line === "") return;
    this.change({ notes: this.body.notes === "" ? line : `${this.body.notes}\n${line}` });
    this.telling?.note(line);
  }

  /** Open the incident where that is due: `$effect(() => taking.settle())`. */
  settle(): void {
    const { assessing, body, known } = this;
    const due = opensByItself(body, assessing.value, assessing.behind || known.looking, known.hints);
    const can = this.held && this.incidentId === null && !this.opening && this.refused === null;
    if (can && due) void this.openIncident();
  }

  /** Open the incident with what is known now. */
  async openIncident(): Promise<void> {
    if (this.opening || this.incidentId !== null) return;
    this.opening = true;
    const typed = this.body;
    this.saving.pause();
    const opened = await this.tried(async () => {
      const call_id = await this.ensureCall();
      await this.describeCaller(call_id);
      const header = { "idempotency-key": `${this.#key}-incident` };
      const body = incidentOf(typed, this.assessing.value, call_id, noteOf(typed));
      const row = await told(api.POST("/api/incidents", { params: { header }, body }));
      this.saving.stop();
      live.incidents.merge([row]);
      this.incidentId = row.id;
      if (this.open) selection.incident(row.id);
      if (row.complaint !== this.body.card) this.body = { ...this.body, card: row.complaint };
      this.telling = new Telling(row.id, this.sending);
      this.#tellAnswers(this.body.answers);
      this.telling.patient(this.body);
      // Typed while the service was opening it.
      if (this.body.people !== typed.people) this.telling.people(this.body);
      if (this.body.place !== typed.place) this.telling.place(this.body);
      const more = this.body.notes.slice(typed.notes.length).trim();
      if (more !== "") this.telling.note(more);
      if (this.body.phone !== typed.phone || this.body.caller !== typed.caller) this.callerTyped();
    });
    if (!opened) this.saving.resume();
    this.opening = false;
  }

  /** The call in the record; without telephony it enters it now, as of the moment of F2. */
  async ensureCall(): Promise<string> {
    if (this.callId !== null) return this.callId;
    const header = { "idempotency-key": `${this.#key}-call` };
    const body = { at: new Date(this.beganAt).toISOString(), language: this.body.language };
    const row = await told(api.POST("/api/calls", { params: { header }, body }));
    live.calls.merge([row]);
    this.callId = row.id;
    return row.id;
  }

  /** Do it; true when the service took it. */
  async tried(act: () => Promise<void>): Promise<boolean> {
    this.refused = null;
    try {
      await act();
      return true;
    } catch (error) {
      this.refused = refusedWords(error);
      return false;
    }
  }

  begin(): void {
    // Another call was in hand: its last words are saved before it is left.
    if (this.held && this.incidentId === null && this.callId !== null) void this.saving.flush();
    this.#key = crypto.randomUUID();
    this.saving.stop();
    this.saving = this.#newSaving();
    this.assessing.forget();
    this.places.forget();
    this.known.forget();
    this.telling = null;
    this.callId = null;
    this.incidentId = null;
    this.refused = null;
    this.answeredAt = {};
    this.beganAt = live.clock.now();
    this.body = emptyDraft(i18n.language === "ug" ? "ug" : "zh");
    this.held = true;
    this.open = true;
    selection.incident(null);
    void this.assessing.ask(this.cardId, {});
  }

  #newSaving(): Saving<DraftBody> {
    return new Saving(async (version, body) => putDraft(await this.ensureCall(), version, body));
  }

  #answered(change: Readonly<Record<string, Answer | null>>): void {
    void this.assessing.ask(this.cardId, this.body.answers).then(() => this.#look());
    this.#tellAnswers(change);
  }

  #tellAnswers(change: Readonly<Record<string, Answer | null>>): void {
    this.telling?.answers(this.cardId, change, (assessment) => {
      if (!this.assessing.behind) this.assessing.value = assessment;
    });
  }

  #look(): void {
    if (this.incidentId !== null) return;
    const card = this.assessing.value?.switch_to || this.body.card;
    this.known.look(this.body.place, card, this.call?.position?.accuracy_m ?? 0);
  }

  /** A number that is none is left in the notes rather than lost. */
  async describeCaller(call_id: string): Promise<void> {
    const left = await tellCaller(call_id, this.body);
    if (left !== "") this.note(left);
  }
}

export const taking = new Taking();
