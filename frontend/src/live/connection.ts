/**
 * One WebSocket to the live feed, kept alive for ever: subscribed, watched by the second, resumed where it stopped.
 *
 * The service ticks every second. A link that has been silent for `SILENT_MS` is lost, whatever the socket believes; it
 * is dialled again at once, then after 1, 2, 4, 5, 5 … seconds. `after` makes the service tell what was missed.
 */

import { readFrame, TOLD_ANEW, type Frame, type Said, type Tick, type Topic } from "./protocol";

/** No frame for so long, and the link counts as lost. Two ticks may be late; within 3 s the banner stands. */
export const SILENT_MS = 2_500;
/** A socket that has told nothing yet gets longer: the way may be slow. */
const DIAL_MS = 8_000;
const LOOK_MS = 250;
const PING_MS = 5_000;
const WAITS_MS = [0, 1_000, 2_000, 4_000, 5_000] as const;
/** A look that comes so late means that the page itself was busy: what came meanwhile is heard before it judges. */
const BUSY_MS = 1_500;
/** Nothing was looked at and nothing heard for so long: the machine slept, or the page was frozen. */
const SLEPT_MS = 5_000;
const GONE_QUIET = 4_000;

export type LinkState =
  /** Nothing is known yet. */
  | "opening"
  /** Connected; what was missed is being told. */
  | "catching-up"
  | "live"
  /** The service is there and says that it cannot read its own record now. */
  | "stalled"
  | "lost";

/** The state of a WebSocket through which something can be said. */
const OPEN = 1;

/** What can be told about the link; times are those of `elapsed`, in milliseconds. */
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
}

export interface Socket {
  /** As of a WebSocket: it may be closing already before it says so. */
  readonly readyState: number;
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

/** Where a link resumes: after this line of the journal, of which `mark` tells which journal it is. */
export interface Place {
  seq: number;
  mark: string;
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
  };
  #mark: string | null = null;
  #socket: Socket | null = null;
  #dialledAt = 0;
  #target = 0;
  #snapshots = new Set<Topic>();
  #looked = 0;
  #pinged = -PING_MS;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #topics: readonly Topic[];
  readonly #listener: Listener;
  readonly #around: Surroundings;

  /** `from`: everything up to there is known from before, and is of the past until the service tells the rest. */
  constructor(topics: readonly Topic[], listener: Listener, around: Surroundings, from: Place | null = null) {
    this.#topics = topics;
    this.#listener = listener;
    this.#around = around;
    if (from === null) return;
    this.#link = { ...this.#link, state: "lost", seq: from.seq };
    this.#mark = from.mark;
  }

  /** Where it could resume now; null: nowhere. */
  get place(): Place | null {
    const { seq } = this.#link;
    return seq === null || this.#mark === null ? null : { seq, mark: this.#mark };
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
    };
    socket.onmessage = (event) => {
      // What waited while the machine slept is of the past.
      if (this.#wake() > SLEPT_MS) this.#redial();
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
    const tried = Math.min(this.#link.attempt, WAITS_MS.length - 1);
    const wait = (WAITS_MS[tried] ?? 0) * (0.8 + 0.4 * Math.random());
    this.#tell({ state: "lost", nextTryAt: this.#around.now() + wait });
  }

  /** How long ago it was last awake, and awake now. A page that nobody sees is seldom let look, but hears every second. */
  #wake(): number {
    const now = this.#around.now();
    const waited = now - this.#looked;
    this.#looked = now;
    return waited;
  }

  #redial(): void {
    this.#hangUp();
    this.#tell({ state: "lost" });
    this.#dial();
  }

  #look(): void {
    const waited = this.#wake();
    if (waited > SLEPT_MS) this.#redial();
    if (waited > BUSY_MS) return;
    const now = this.#around.now();
    const { state, heardAt, nextTryAt } = this.#link;
    if (this.#socket !== null) {
      const spoke = heardAt !== null && heardAt >= this.#dialledAt;
      if (spoke ? now - heardAt > SILENT_MS : now - this.#dialledAt > DIAL_MS) {
        this.#hangUp();
        this.#lose();
      } else if (state === "live" && now - this.#pinged >= PING_MS) {
        this.#pinged = now;
        this.#say({ op: "ping", t: now });
      }
    } else if (nextTryAt !== null && now >= nextTryAt) {
      this.#dial();
    }
  }

  #say(said: Said): void {
    if (this.#socket?.readyState === OPEN) this.#socket.send(JSON.stringify(said));
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
        this.#target = frame.seq ?? 0;
        this.#say({ op: "subscribe", topics: this.#topics, after: this.#link.seq, mark: this.#mark });
        Object.assign(change, { state: "catching-up", heardNow: frame.now, server: frame.server });
        break;
      case "snapshot":
        this.#snapshots.add(frame.topic);
        break;
      case "tick":
        Object.assign(change, this.#ticked(frame));
        break;
      case "pong":
        change.roundTripMs = now - frame.t;
        break;
      case "refused":
        if (TOLD_ANEW.has(frame.code)) Object.assign(change, this.#anew());
        break;
      case "fact":
      case "rows":
      case "latest":
        break;
    }
    this.#listener.frame(frame);
    this.#tell(change);
  }

  /**
   * A tick's number stands behind every fact and row up to it; facts and rows alone prove nothing, for a link may be
   * lost between them. Without a number to resume from, it counts once every topic has had its snapshot.
   */
  #ticked({ now, seq, mark, fresh }: Tick): Partial<Link> {
    const change: Partial<Link> = { heardNow: now };
    const whole = this.#link.seq !== null || this.#topics.every((topic) => this.#snapshots.has(topic));
    if (seq !== null && whole) {
      change.seq = seq;
      this.#mark = mark;
    }
    const { state } = this.#link;
    if (!fresh) change.state = "stalled";
    else if (state === "stalled") change.state = "catching-up";
    else if (state === "catching-up" && whole && (seq ?? 0) >= this.#target)
      Object.assign(change, { state: "live", attempt: 0 });
    return change;
  }

  #anew(): Partial<Link> {
    this.#snapshots.clear();
    this.#mark = null;
    return { seq: null, state: "catching-up" };
  }
}
