/**
 * One WebSocket to the live feed, kept alive for ever: subscribed, watched by the second, resumed where it stopped.
 *
 * The service ticks every second. A link that has been silent for `SILENT_MS` is lost, whatever the socket believes; it
 * is dialled again at once, then after 1, 2, 4, 5, 5 … seconds. `after` makes the service tell what was missed.
 */

import { readFrame, type Frame, type Said, type Topic } from "./protocol";

/** No frame for so long, and the link counts as lost. Two ticks may be late; within 3 s the banner stands. */
export const SILENT_MS = 2_500;
const LOOK_MS = 250;
const PING_MS = 5_000;
const WAITS_MS = [0, 1_000, 2_000, 4_000, 5_000] as const;
/** A look that comes so late means that the machine slept. */
const SLEPT_MS = 5_000;
const GONE_QUIET = 4_000;

export type LinkState =
  /** Nothing is known yet. */
  | "opening"
  /** Connected; what was missed is being told. */
  | "catching-up"
  | "live"
  | "lost"
  /** The service will not tell this person; dialling again would not help. */
  | "refused";

/** What can be told about the link; times are `performance.now()` milliseconds. */
export interface Link {
  state: LinkState;
  /** Everything up to this number of the journal has been told, rows included: from here a lost link resumes. */
  seq: number | null;
  /** When the last frame came. */
  heardAt: number | null;
  /** The time of the service in the last frame that told it. */
  heardNow: string | null;
  attempt: number;
  nextTryAt: number | null;
  roundTripMs: number | null;
  server: string;
  refusal: string;
}

export interface Socket {
  send(text: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

export interface Listener {
  link(link: Link): void;
  frame(frame: Frame): void;
  /** A socket could not be opened: perhaps nobody is logged in any more. */
  unopened(): void;
}

export interface Surroundings {
  open(): Socket;
  now(): number;
}

export class Connection {
  #link: Link = {
    state: "opening",
    seq: null,
    heardAt: null,
    heardNow: null,
    attempt: 0,
    nextTryAt: null,
    roundTripMs: null,
    server: "",
    refusal: "",
  };
  #socket: Socket | null = null;
  #dialledAt = 0;
  #target = 0;
  #snapshots = new Map<Topic, number>();
  #looked = 0;
  #pinged = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #topics: readonly Topic[];
  readonly #listener: Listener;
  readonly #around: Surroundings;

  constructor(topics: readonly Topic[], listener: Listener, around: Surroundings) {
    this.#topics = topics;
    this.#listener = listener;
    this.#around = around;
  }

  start(): void {
    this.#looked = this.#around.now();
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    this.#dial();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#hangUp();
  }

  /** Dial now, whatever the wait: somebody asked for it, or has logged in again. */
  retry(): void {
    this.#hangUp();
    this.#dial();
  }

  #tell(change: Partial<Link>): void {
    this.#link = { ...this.#link, ...change };
    this.#listener.link(this.#link);
  }

  #dial(): void {
    this.#tell({ attempt: this.#link.attempt + 1, nextTryAt: null });
    this.#dialledAt = this.#around.now();
    this.#snapshots.clear();
    const socket = this.#around.open();
    let opened = false;
    this.#socket = socket;
    socket.onopen = () => {
      opened = true;
      if (socket === this.#socket) this.#tell({ heardAt: this.#around.now() });
    };
    socket.onmessage = (event) => {
      if (socket === this.#socket && typeof event.data === "string") this.#hear(event.data);
    };
    socket.onclose = () => {
      if (socket !== this.#socket) return;
      this.#socket = null;
      if (!opened) this.#listener.unopened();
      this.#lose();
    };
  }

  #hangUp(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(GONE_QUIET);
  }

  #lose(): void {
    if (this.#link.state === "refused") return;
    const tried = Math.min(this.#link.attempt, WAITS_MS.length - 1);
    const wait = (WAITS_MS[tried] ?? 0) * (0.8 + 0.4 * Math.random());
    this.#tell({ state: "lost", nextTryAt: this.#around.now() + wait });
  }

  #look(): void {
    const now = this.#around.now();
    const slept = now - this.#looked > SLEPT_MS;
    this.#looked = now;
    const { state, heardAt, nextTryAt } = this.#link;
    if (state === "refused") return;
    if (this.#socket !== null) {
      const since = now - Math.max(heardAt ?? 0, this.#dialledAt);
      if (slept || since > SILENT_MS) {
        this.#hangUp();
        if (state === "live" || state === "catching-up") this.#tell({ attempt: 0 });
        this.#lose();
      } else if (state === "live" && now - this.#pinged >= PING_MS) {
        this.#pinged = now;
        this.#say({ op: "ping", t: now });
      }
    } else if (nextTryAt !== null && (slept || now >= nextTryAt)) {
      this.#dial();
    }
  }

  #say(said: Said): void {
    this.#socket?.send(JSON.stringify(said));
  }

  #hear(text: string): void {
    const now = this.#around.now();
    const frame = readFrame(text);
    const change: Partial<Link> = { heardAt: now };
    if (frame === null) {
      this.#tell(change);
      return;
    }
    switch (frame.kind) {
      case "welcome":
        this.#target = frame.seq;
        this.#say({ op: "subscribe", topics: this.#topics, after: this.#link.seq });
        Object.assign(change, { state: "catching-up", heardNow: frame.now, server: frame.server });
        break;
      case "snapshot":
        this.#snapshots.set(frame.topic, frame.seq);
        break;
      case "tick":
        Object.assign(change, { heardNow: frame.now, seq: this.#reached(frame.seq) });
        break;
      case "pong":
        change.roundTripMs = now - frame.t;
        break;
      case "refused":
        Object.assign(change, { state: "refused", refusal: frame.detail });
        break;
      case "fact":
      case "rows":
      case "latest":
        break;
    }
    this.#listener.frame(frame);
    const seq = change.seq ?? this.#link.seq;
    const state = change.state ?? this.#link.state;
    if (state === "catching-up" && seq !== null && seq >= this.#target)
      Object.assign(change, { state: "live", attempt: 0 });
    this.#tell(change);
  }

  /**
   * A tick's number stands behind every fact and row up to it; facts and rows alone prove nothing, for a link may be
   * lost between them. Without a number to resume from, it counts once every topic has had its snapshot.
   */
  #reached(seq: number): number | null {
    const whole = this.#link.seq !== null || this.#topics.every((topic) => this.#snapshots.has(topic));
    return whole ? Math.max(seq, this.#link.seq ?? 0) : null;
  }
}
