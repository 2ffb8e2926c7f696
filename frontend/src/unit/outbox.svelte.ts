/**
 * What was done on this phone and is not at the service yet: kept on the phone before anything else, sent in the order in
 * which it was done, each with its true time. Each has an id of its own, so that what is sent twice counts once.
 */

import type { Schemas } from "../client/api";
import type { Named } from "./people";

export type Act =
  /** `automatic`: the vehicle's place suggested it, and the crew took it. */
  | { kind: "status"; status: Schemas["UnitStatus"]; reason: Schemas["OutReason"] | null; automatic?: boolean }
  | { kind: "time"; point: "T4" | "T10" }
  /** A call to the dispatch centre; it goes before all else that waits. */
  | { kind: "call"; call: CrewCall }
  /** Somebody found at the scene, carried by this unit from then on unless an outcome says otherwise. */
  | { kind: "patient"; incident: string; named: Named; outcome: Schemas["OutcomeIn"] | null }
  | { kind: "named"; patient: string; version: number; named: Named }
  | { kind: "outcome"; patient: string; outcome: Schemas["OutcomeIn"]; reason: string }
  /** Written down at a patient, who may be one that waits here as well: then `patient` is the id of what waits. */
  | { kind: "chart"; patient: string; entry: Written }
  /** From then on the data of a place in the vehicle are this patient's, or nobody's. */
  | { kind: "attach"; slot: number; patient: string }
  | { kind: "detach"; slot: number }
  | { kind: "unchart"; patient: string; entry: string }
  /** What was done of an order of the receiving hospital; `amount`: what was given, where it is not what was ordered. */
  | {
      kind: "order";
      order: string;
      did: "confirmed" | "done" | "not_done";
      amount: number | null;
      reason: string | null;
    }
  /** Nobody of the hospital signs for a patient, before a witness who signs on this phone. */
  | { kind: "witnessed"; patient: string; reason: Schemas["Unsigned"]; witness: string }
  /** Said to the dispatch centre, and to the hospital of the patient. */
  | { kind: "message"; incident: string; patient: string | null; phrase: string | null; words: string | null };

/** What is written down: values of one moment, or one treatment. */
export interface Written {
  values: Readonly<Record<string, number>> | null;
  treatment: string | null;
  amount: number | null;
  /** The entry in whose place it stands. */
  corrects: string | null;
}

export type CrewCall = Schemas["CrewCall"];

export interface Held {
  id: string;
  /** Its place in the order. */
  order: number;
  /** Who did it: it is sent in nobody else's name. */
  person: string;
  unit: string;
  /** The assignment that it speaks of; null: of none. */
  run: string | null;
  act: Act;
  /** When it was, by this phone's clock; milliseconds since 1970. */
  at: number;
  /** The code with which the service refused it; null: it waits. */
  refused: string | null;
  /** It went out at least once: the service may have it, whatever came back. */
  tried?: boolean;
}

/** What became of one that was sent. */
export type Sent =
  /** `at`: its true time as the service reckoned it, ISO 8601; `made`: the id of what it made there, if it has another. */
  | { became: "taken"; at: string; made?: string }
  /** Kept by the service, but it moved nothing: `why` is its code. */
  | { became: "kept"; why: string }
  | { became: "refused"; code: string }
  /** No answer, or the service cannot now: it waits. */
  | { became: "waits" };

/** What the service took, with its true time. */
export interface Taken {
  run: string | null;
  act: Act;
  at: string;
}

/** So many are remembered: those of the present run must be among them. */
const MOST_TAKEN = 40;

/** Where it is kept on the phone. */
export interface Shelf {
  all(): Promise<Held[]>;
  put(held: Held): Promise<void>;
  remove(id: string): Promise<void>;
}

export class Outbox {
  all = $state.raw<readonly Held[]>([]);
  /** The last that went out, until the service's own account of them is here: no step may seem untold in between. */
  taken = $state.raw<readonly Taken[]>([]);
  /** The phone would not keep something: it lives as long as this page. */
  unkept = $state(false);
  /** How much of other people's waits on this phone until they log in again. */
  others = $state(0);
  /** Something is on its way to the service. */
  sending = $state(false);
  /** What the service kept without letting it move anything, the last one. */
  notMoved = $state.raw<{ held: Held; why: string } | null>(null);
  /** The ids at the service of what was made here, by the ids under which it waited. */
  made = $state.raw<ReadonlyMap<string, string>>(new Map());
  #going: string | null = null;
  readonly #shelf: Shelf;
  readonly #send: (held: Held) => Promise<Sent>;
  #person = "";

  constructor(shelf: Shelf, send: (held: Held) => Promise<Sent>) {
    this.#shelf = shelf;
    this.#send = send;
  }

  /** Of whoever is here. */
  readonly waiting: readonly Held[] = $derived(this.all.filter(({ refused }) => refused === null));
  readonly refused: readonly Held[] = $derived(this.all.filter(({ refused }) => refused !== null));

  /** This person is here: what of theirs was left on this phone is sent. */
  async of(person: string): Promise<void> {
    this.#person = person;
    const kept = await this.#kept(() => this.#shelf.all());
    if (person !== this.#person) return;
    this.others = (kept ?? []).filter((one) => one.person !== person && one.refused === null).length;
    const known = new Set(this.all.map(({ id }) => id));
    const mine = (kept ?? []).filter((one) => one.person === person && !known.has(one.id));
    this.all = [...mine, ...this.all].filter((one) => one.person === person).sort((a, b) => a.order - b.order);
    void this.pump();
  }

  /** Take something that was done just now; it is shown at once, kept, and sent. */
  async add(done: Omit<Held, "id" | "order" | "person" | "refused"> & { id?: string }): Promise<void> {
    const order = Math.max(0, ...this.all.map((one) => one.order)) + 1;
    const held: Held = { id: crypto.randomUUID(), ...done, order, person: this.#person, refused: null };
    this.all = [...this.all, held];
    await this.#kept(() => this.#shelf.put(held));
    await this.pump();
  }

  /** Take back what waits and was never sent; false where it was, or may have been. */
  async takeBack(id: string): Promise<boolean> {
    if (this.#going === id || !this.waiting.some((one) => one.id === id && !one.tried)) return false;
    this.all = this.all.filter((one) => one.id !== id);
    await this.#kept(() => this.#shelf.remove(id));
    return true;
  }

  /** Put away what the service refused, after somebody has read why. */
  async dismiss(id: string): Promise<void> {
    this.all = this.all.filter((one) => one.id !== id || one.refused === null);
    await this.#kept(() => this.#shelf.remove(id));
  }

  /** Send what waits, one after the other; the first that gets no answer holds the others back. */
  async pump(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      // What is added meanwhile is seen by this same loop: nothing is awaited between its last look and its end.
      for (let first = foremost(this.waiting); first !== undefined; first = foremost(this.waiting)) {
        if (!(await this.#sent(first))) return;
      }
    } finally {
      this.sending = false;
    }
  }

  async #sent(waiting: Held): Promise<boolean> {
    const held = { ...waiting, tried: true };
    this.#going = held.id;
    let sent: Sent;
    try {
      if (!waiting.tried) await this.#kept(() => this.#shelf.put(held));
      this.all = this.all.map((one) => (one.id === held.id ? held : one));
      sent = await this.#send(held);
    } finally {
      this.#going = null;
    }
    if (sent.became === "waits" || held.person !== this.#person) return false;
    if (sent.became === "refused") {
      const refused = { ...held, refused: sent.code };
      this.all = this.all.map((one) => (one.id === held.id ? refused : one));
      await this.#kept(() => this.#shelf.put(refused));
      return true;
    }
    if (sent.became === "kept") this.notMoved = { held, why: sent.why };
    else if (sent.made !== undefined) await this.#renamed(held.id, sent.made);
    if (sent.became === "taken")
      this.taken = [...this.taken, { run: held.run, act: held.act, at: sent.at }].slice(-MOST_TAKEN);
    this.all = this.all.filter(({ id }) => id !== held.id);
    await this.#kept(() => this.#shelf.remove(held.id));
    return true;
  }

  /** What was made under one id has another at the service: what waits for it speaks of that one. */
  async #renamed(id: string, made: string): Promise<void> {
    this.made = new Map([...this.made, [id, made]]);
    for (const one of this.all) {
      if (!("patient" in one.act) || one.act.patient !== id) continue;
      const renamed: Held = { ...one, act: { ...one.act, patient: made } };
      this.all = this.all.map((each) => (each.id === one.id ? renamed : each));
      await this.#kept(() => this.#shelf.put(renamed));
    }
  }

  async #kept<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      const done = await act();
      return done;
    } catch {
      this.unkept = true;
      return undefined;
    }
  }
}

/** Who calls for help does not wait behind what was written before; all else keeps its order. */
function foremost(waiting: readonly Held[]): Held | undefined {
  return waiting.find(({ act }) => act.kind === "call") ?? waiting[0];
}
