/**
 * One patient followed: the socket that is sent what is measured now, and what came before or was missed asked for.
 * A link that is silent is lost, whatever the socket believes, and is dialled again; what was measured meanwhile is
 * fetched, for the vehicle may have gone on.
 */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { live } from "../live/store.svelte";
import { EcgBuffer, type Span } from "./ecg/buffer";
import { ECG, readEcg, readFrames, readWave, WAVES, type Frame } from "./ecg/frames";
import { Head } from "./ecg/head";
import { isCurve, type Curve } from "./ecg/waves";

type Patient = Schemas["ErPatientOut"];
type Value = Schemas["ValueOut"];

/** No word for so long, and the link counts as lost; the service ticks every second. */
const SILENT_MS = 2_500;
const LOOK_MS = 250;
const WAITS_MS = [0, 1_000, 2_000, 4_000, 5_000] as const;
/** So much of the past is there when a patient is opened. */
const OPENED_WITH_MS = 30_000;
/** Asked for at once. */
const PIECE_MS = 60_000;
const REFRESH_MS = 5_000;
/** Beyond this a missed time is not fetched by itself: whoever looks back asks for it. */
const MOST_FETCHED_MS = 600_000;
const NOT_OURS = 4403;
const LOGIN_ENDED = 4401;

interface Attached {
  unit_id: string;
  slot: number;
  begins_at: string;
}
type Word =
  | { op: "welcome"; now: string; attached: Attached | null }
  | { op: "tick"; now: string }
  | { op: "values"; values: Value[] }
  | { op: "event"; event: Schemas["EventOut"] }
  | { op: "skipped"; from_us: number; until_us: number }
  | { op: "bye"; code: string };

/** Where a patient is followed: at an emergency room's own address, or at a case's. */
export interface Source {
  /** The address of the socket. */
  live: string;
  frames(query: { from: string; until: string }): Promise<{ data?: ArrayBuffer; error?: unknown; response: Response }>;
  /** What is known of him beside what is sent; null: nothing is asked for. */
  patient: (() => Promise<Patient>) | null;
}

function ofRoom(patientId: string): Source {
  const path = { patient_id: patientId };
  return {
    live: `/api/er/patients/${patientId}/live`,
    frames: (query) =>
      api.GET("/api/er/patients/{patient_id}/frames", {
        params: { path, query },
        parseAs: "arrayBuffer",
      }) as Promise<{ data?: ArrayBuffer; error?: unknown; response: Response }>,
    patient: () => told(api.GET("/api/er/patients/{patient_id}", { params: { path } })),
  };
}

export class Following {
  readonly patientId: string;
  readonly ecg = new EcgBuffer();
  readonly head = new Head();
  /** The other curves, each with its own rate. */
  readonly waves = new Map<Curve, EcgBuffer>();
  readonly waveHead = new Head();
  /** `ended`: this patient is not brought here, or not any more. */
  link = $state<"opening" | "live" | "lost" | "ended">("opening");
  attached = $state.raw<Attached | null>(null);
  patient = $state.raw<Patient | null>(null);
  values = $state.raw<ReadonlyMap<string, Value>>(new Map());
  /** The leads that were sent so far: what else is drawn is reckoned. */
  sent = $state.raw<ReadonlySet<number>>(new Set());
  /** When the newest sample was measured; moves with every frame. */
  newestMs = $state<number | null>(null);
  /** The same of the other curves that were ever sent. */
  newestOfWaves = $state.raw<ReadonlyMap<Curve, number>>(new Map());
  #socket: WebSocket | null = null;
  #heardAt = 0;
  #attempt = 0;
  #nextTryAt = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #stopHearing: (() => void) | undefined;
  #refreshedAt = 0;
  readonly #filled = new Set<(span: Span) => void>();
  readonly #asked = new Set<string>();

  readonly #source: Source;

  constructor(patientId: string, source = ofRoom(patientId)) {
    this.patientId = patientId;
    this.#source = source;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    this.#stopHearing ??= live.onFact(({ type, subject }) => {
      if (type.startsWith("patient.chart") && subject === this.patientId) void this.#refresh();
    });
    this.#dial();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#stopHearing?.();
    this.#stopHearing = undefined;
    this.#hangUp();
  }

  /** Hear of every span that is filled; returns how to stop. */
  onFilled(act: (span: Span) => void): () => void {
    this.#filled.add(act);
    return () => this.#filled.delete(act);
  }

  /** Fetch what is missing of a span, once. */
  async need(span: Span): Promise<void> {
    for (let from = Math.floor(span.fromMs / PIECE_MS) * PIECE_MS; from < span.untilMs; from += PIECE_MS) {
      const piece = { fromMs: from, untilMs: from + PIECE_MS };
      const key = String(from);
      if (this.#asked.has(key) || this.ecg.gaps(piece, PIECE_MS / 2).length === 0) continue;
      // What is not over yet is asked for again.
      if (piece.untilMs < live.clock.now()) this.#asked.add(key);
      await this.#fetch(piece);
    }
  }

  #look(): void {
    const now = performance.now();
    if (this.#socket !== null && this.link !== "opening" && now - this.#heardAt > SILENT_MS) {
      this.#hangUp();
      this.#lose();
    } else if (this.#socket === null && this.link !== "ended" && now >= this.#nextTryAt) this.#dial();
    if (this.link !== "ended" && now - this.#refreshedAt > REFRESH_MS) void this.#refresh();
  }

  #dial(): void {
    const address = new URL(this.#source.live, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#attempt += 1;
    this.#heardAt = performance.now();
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (socket !== this.#socket) return;
      this.#heardAt = performance.now();
      if (data instanceof ArrayBuffer) this.#take(readFrames(data), true);
      else if (typeof data === "string") this.#hear(JSON.parse(data) as Word);
    };
    socket.onclose = ({ code }) => {
      if (socket !== this.#socket) return;
      this.#socket = null;
      if (code === NOT_OURS) this.link = "ended";
      else if (code === LOGIN_ENDED) this.#nextTryAt = performance.now() + (WAITS_MS.at(-1) ?? 0);
      if (code !== NOT_OURS) this.#lose();
    };
  }

  #hangUp(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #lose(): void {
    this.link = "lost";
    const wait = WAITS_MS[Math.min(this.#attempt, WAITS_MS.length - 1)] ?? 0;
    this.#nextTryAt = performance.now() + wait * (0.8 + 0.4 * Math.random());
  }

  #hear(word: Word): void {
    switch (word.op) {
      case "welcome":
        live.clock.heard(word.now);
        this.attached = word.attached;
        this.link = "live";
        this.#attempt = 0;
        void this.#catchUp();
        break;
      case "tick":
        live.clock.heard(word.now);
        break;
      case "values":
        this.#measured(word.values);
        break;
      case "skipped":
        void this.#fetch({ fromMs: word.from_us / 1_000, untilMs: word.until_us / 1_000 + 1_000 });
        break;
      case "event":
        void this.#refresh();
        break;
      case "bye":
        break;
    }
  }

  /** What came before the link was there. */
  async #catchUp(): Promise<void> {
    await this.#refresh();
    const now = live.clock.now();
    const known = this.ecg.endMs ?? now - OPENED_WITH_MS;
    const fromMs = Math.max(Math.min(known, now - OPENED_WITH_MS), now - MOST_FETCHED_MS);
    for (let from = fromMs; from < now; from += PIECE_MS)
      await this.#fetch({ fromMs: from, untilMs: Math.min(from + PIECE_MS, now) });
  }

  async #refresh(): Promise<void> {
    this.#refreshedAt = performance.now();
    if (this.#source.patient === null) return;
    try {
      this.patient = await this.#source.patient();
      live.clock.heard(this.patient.now);
      // What a crew typed and took back is told no more.
      const newest = this.patient.measured.values;
      this.values = new Map([...this.values].filter(([, { by_hand }]) => !by_hand));
      this.#measured(newest);
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }

  async #fetch(span: Span): Promise<void> {
    const query = { from: new Date(span.fromMs).toISOString(), until: new Date(span.untilMs).toISOString() };
    try {
      const bytes = await told(this.#source.frames(query));
      // An empty answer has no body.
      if (bytes instanceof ArrayBuffer) this.#take(readFrames(bytes), false);
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }

  #measured(values: readonly Value[]): void {
    const known = new Map(this.values);
    for (const one of values) {
      const before = known.get(one.signal);
      if (before === undefined || Date.parse(one.at) >= Date.parse(before.at)) known.set(one.signal, one);
    }
    this.values = known;
  }

  #take(frames: readonly Frame[], now: boolean): void {
    const before = this.ecg.endMs;
    for (const frame of frames) {
      if (frame.kind === WAVES) this.#takeWave(frame, now);
      if (frame.kind !== ECG) continue;
      const span = this.ecg.put(readEcg(frame.payload), frame.atMs);
      if (span !== null) for (const act of this.#filled) act(span);
    }
    const after = this.ecg.endMs;
    if (after === null || after === before) return;
    if (now) this.head.arrived(live.clock.now(), before);
    this.newestMs = after;
    if (this.sent.size !== this.ecg.sent.size) this.sent = new Set(this.ecg.sent);
  }

  #takeWave(frame: Frame, now: boolean): void {
    const wave = readWave(frame.payload);
    const curve = wave.leads[0]?.lead ?? 0;
    if (!isCurve(curve)) return;
    const buffer = this.waves.get(curve) ?? new EcgBuffer();
    this.waves.set(curve, buffer);
    const before = buffer.endMs;
    buffer.put(wave, frame.atMs);
    const after = buffer.endMs;
    if (after === null || after === before) return;
    if (now) this.waveHead.arrived(live.clock.now(), before);
    this.newestOfWaves = new Map([...this.newestOfWaves, [curve, after]]);
  }
}
