/** One request being written: what the service has, what was typed over it, and the answers of those who are asked. */

import { SvelteMap } from "svelte/reactivity";
import { Acting } from "../../client/acting.svelte";
import { NoAnswer, type Schemas } from "../../client/api";
import { live } from "../../live/store.svelte";
import type { Names } from "../case/shape";
import type { Item, Value } from "./entering";
import { EMPTY, type DraftFields } from "./fields";
import type { Mode } from "./form";
import { Typing, type Fields } from "./typing.svelte";
import { fieldsOf } from "./wire";
import { filesOf, newestOf, type FileShown } from "../case/told";

export interface Forms {
  items: readonly (Item & { group: string; deciding: readonly Mode[] })[];
  hospitals: readonly { id: string; names: Names; organisation: string }[];
  centres: readonly { id: string; names: Names; outside: boolean }[];
}

/** What the service is asked for. */
export interface Ports {
  save: (requestId: string, fields: Fields) => Promise<void>;
  enter: (requestId: string, values: Fields) => Promise<void>;
  attach: (requestId: string, file: File, kind: FileShown["kind"], share: (part: number) => void) => Promise<void>;
  ask: (requestId: string, centres: readonly string[], atOnce: boolean) => Promise<void>;
  join: (requestId: string, into: string) => Promise<void>;
  discard: (requestId: string) => Promise<void>;
}

/** Beyond a login nothing of a patient is kept: what this tab could not send yet goes with the tab, and with the person. */
const STORED = "tarim.ecmo.1";
const DUPLICATE = "ecmo_request.duplicate";

interface Kept {
  person: string;
  from: Drafting["from"];
  requestId: string;
  fields: DraftFields;
  typed: string[];
  values: Record<string, Value>;
  pending: Fields;
  entered: Fields;
}

export class Drafting {
  readonly requestId: string;
  readonly forms: Forms;
  readonly from: "new" | "patient" | "incident" | "draft";
  readonly beganAt: number;
  fields = $state.raw<DraftFields>(EMPTY);
  readonly values = new SvelteMap<string, Value>();
  centres = $state.raw<readonly string[]>([]);
  atOnce = $state(true);
  /** Another live request of the same patient; null: none is known. */
  twin = $state<string | null>(null);
  /** Live requests of somebody of the same hospital, sex and age: perhaps the same patient, whom a person tells apart. */
  perhaps = $state.raw<readonly { id: string; number: string | null }[]>([]);
  /** Pictures and clips that the service has of it. */
  files = $state.raw<readonly FileShown[]>([]);
  readonly #ports: Ports;
  readonly #person: string;
  readonly #typing: Typing;
  readonly #entering: Typing;
  readonly #acting = new Acting();
  readonly #typed = new Set<string>();
  #assumed: Partial<DraftFields> = {};

  constructor(
    forms: Forms,
    ports: Ports,
    person: string,
    from: Drafting["from"],
    requestId: string = crypto.randomUUID(),
  ) {
    this.requestId = requestId;
    this.forms = forms;
    this.from = from;
    this.#ports = ports;
    this.#person = person;
    this.beganAt = live.clock.known ? live.clock.second : Date.now();
    this.#typing = new Typing((fields) => ports.save(requestId, fields));
    this.#entering = new Typing(async (values) => {
      // A value belongs to a request that is there.
      if (!(await this.#typing.flush()) && this.#typing.state === "failed") throw new NoAnswer(null);
      await ports.enter(requestId, values);
    });
    // The region's own centre is asked first, where there is one; who else is asked is a person's choice.
    const own = forms.centres.filter(({ outside }) => !outside);
    const likely = forms.centres.length === 1 ? forms.centres : own;
    if (likely.length === 1) this.centres = likely.map(({ id }) => id);
  }

  /** When the service had it last, as it told. */
  #keptAt = $state<number | null>(null);

  get failed(): boolean {
    return this.#typing.state === "failed" || this.#entering.state === "failed";
  }
  get waits(): boolean {
    return this.#typing.waits || this.#entering.waits;
  }
  get savedAt(): number | null {
    const times = [this.#typing.savedAt, this.#entering.savedAt, this.#keptAt].filter((one) => one !== null);
    return times.length === 0 ? null : Math.max(...times);
  }
  get refused(): string {
    const asked = this.#acting.refused?.code ?? null;
    const own = this.#typing.refused || this.#entering.refused;
    // The other request is shown instead, where it is known.
    return own !== "" ? own : asked === null || (asked === DUPLICATE && this.twin !== null) ? "" : asked;
  }
  get asking(): boolean {
    return this.#acting.busy;
  }

  type(change: Partial<DraftFields>): void {
    const all = { ...this.#assumed, ...change };
    this.#assumed = {};
    for (const name of Object.keys(all)) this.#typed.add(name);
    this.fields = { ...this.fields, ...all };
    this.#typing.type(all);
    this.#keep();
  }

  /** What is likely is shown, and saved with the first that is typed: to open a form begins no request. */
  assume(likely: Partial<DraftFields>): void {
    this.#assumed = likely;
    this.fields = { ...this.fields, ...likely };
  }

  /** The service has it: what of it this seat has not typed itself is filled in, and who is surely the same patient told. */
  saved(one: Schemas["CaseOut"]): void {
    this.#keptAt = Date.parse(one.saved_at);
    if (this.values.size === 0) for (const [item, { value }] of newestOf(one.values)) this.values.set(item, value);
    this.files = filesOf(one);
    const there = fieldsOf(one);
    const typed = this.#typed;
    const known = Object.entries(there).filter(([name]) => !typed.has(name));
    this.fields = { ...this.fields, ...Object.fromEntries(known) };
    this.twin = one.alike.find(({ sure }) => sure)?.id ?? null;
    this.perhaps = one.alike.filter(({ sure }) => !sure).map(({ id, number }) => ({ id, number }));
  }

  valueOf(item: string): Value | null {
    return this.values.get(item) ?? null;
  }

  enter(item: string, value: Value | null): void {
    if (value === null) this.values.delete(item);
    else this.values.set(item, value);
    this.#entering.type({ [item]: value });
    this.#keep();
  }

  toggleCentre(id: string): void {
    this.centres = this.centres.includes(id) ? this.centres.filter((one) => one !== id) : [...this.centres, id];
  }

  /** Put a picture or a clip to it; what was typed is saved first. Raises Refusal, NoAnswer or RangeError. */
  async attach(file: File, kind: FileShown["kind"], share: (part: number) => void): Promise<void> {
    if (!(await this.#typing.flush())) throw new NoAnswer(null);
    await this.#ports.attach(this.requestId, file, kind, share);
  }

  /** Put it before the centres; all that was typed is saved first. */
  async ask(): Promise<boolean> {
    const done = await this.#acting.run(async () => {
      if (!(await this.#typing.flush()) || !(await this.#entering.flush())) throw new NoAnswer(null);
      await this.#ports.ask(this.requestId, this.centres, this.atOnce);
      forgetDraft();
    });
    const refused = this.#acting.refused;
    // Somebody asked for this patient since it was saved last.
    if (refused?.code === DUPLICATE && typeof refused.current["id"] === "string") this.twin = refused.current["id"];
    return done;
  }

  async join(into: string): Promise<boolean> {
    return this.#acting.run(async () => {
      await this.#ports.join(this.requestId, into);
      forgetDraft();
    });
  }

  /** Leave it to be written on later: true once the service has all of it, and it stands in the list. */
  async putAside(): Promise<boolean> {
    const { refused } = this;
    await this.#typing.flush();
    await this.#entering.flush();
    // What it has just refused is read before it is gone.
    if (this.failed || this.refused !== refused) return false;
    forgetDraft();
    return true;
  }

  /** Nobody was asked, and nobody shall be: it is withdrawn as a mistake, and stays in the records. */
  async discard(): Promise<boolean> {
    return this.#acting.run(async () => {
      await this.#ports.discard(this.requestId);
      forgetDraft();
    });
  }

  /** What was typed last is sent all the same. */
  stop(): void {
    this.#typing.stop();
    this.#entering.stop();
  }

  /** Go on with what this tab could not send before it was loaded anew or left. */
  restore(): void {
    const kept = keptDraft(this.#person);
    if (kept === null || kept.requestId !== this.requestId) return;
    // What another seat typed into a draft meanwhile stays.
    const own = Object.entries(kept.fields).filter(([name]) => kept.typed.includes(name));
    this.fields = this.from === "draft" ? { ...this.fields, ...Object.fromEntries(own) } : kept.fields;
    for (const name of kept.typed) this.#typed.add(name);
    for (const [item, value] of Object.entries(kept.values)) this.values.set(item, value);
    this.#typing.from(kept.pending);
    this.#entering.from(kept.entered);
  }

  #keep(): void {
    const kept: Kept = {
      person: this.#person,
      from: this.from,
      requestId: this.requestId,
      fields: this.fields,
      typed: [...this.#typed],
      values: Object.fromEntries(this.values),
      pending: this.#typing.pending,
      entered: this.#entering.pending,
    };
    sessionStorage.setItem(STORED, JSON.stringify(kept));
  }
}

/** What this tab wrote last is what is asked for, so that it goes on: a page that was loaded anew begins no second one. */
export function goesOn(kept: Kept, begins: Drafting["from"], of: string | null): boolean {
  const { from, fields, requestId } = kept;
  switch (begins) {
    case "draft":
      return requestId === of;
    case "patient":
      return from === begins && fields.patientId === of;
    case "incident":
      return from === begins && fields.incidentId === of;
    // A new one is another than the draft that was open before it.
    default:
      return from === begins;
  }
}

export function forgetDraft(): void {
  sessionStorage.removeItem(STORED);
}

/** What this tab was writing, if it is the same person's. */
export function keptDraft(person: string): Kept | null {
  const kept = sessionStorage.getItem(STORED);
  const read = kept === null ? null : (JSON.parse(kept) as Kept);
  if (read !== null && read.person !== person) {
    forgetDraft();
    return null;
  }
  return read;
}
