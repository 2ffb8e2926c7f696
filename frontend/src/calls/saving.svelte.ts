/**
 * Keeping a draft at the service: soon after each change, one save at a time, and every few seconds a word that this seat
 * is there. Nothing typed is lost while no answer comes: it is saved as soon as one does.
 */

import { Refusal } from "../client/api";

export type SaveState =
  /** Nothing typed yet. */
  | "none"
  /** Typed, not sent yet, or on its way. */
  | "waiting"
  | "saved"
  /** No answer comes; it is tried again. */
  | "failed"
  /** Another seat has it: nothing is saved from here any more. */
  | "held"
  /** The call has its outcome: the draft is over. */
  | "over";
export interface Saved {
  version: number;
  savedAt: number;
}
export type Put<Body> = (version: number, body: Body) => Promise<Saved>;

const QUIET_MS = 250;
const AGAIN_MS = 2_000;
const HERE_MS = 5_000;
const SERVER_FAULT = 500;

export class Saving<Body> {
  state = $state<SaveState>("none");
  /** When it was saved last; milliseconds since 1970. */
  savedAt = $state<number | null>(null);
  /** Who has it, where another seat does. */
  heldBy = $state("");
  #version = 0;
  #body: Body | null = null;
  /** What the service has, as far as it has said so. */
  #kept: Body | null = null;
  /** Sent, and nobody knows yet whether it was taken. It goes again as it was before anything newer, so it counts once. */
  #unsure = $state.raw<Body | null>(null);
  #busy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #paused = false;
  readonly #put: Put<Body>;

  constructor(put: Put<Body>) {
    this.#put = put;
  }

  /** What was saved last; null: nothing yet. */
  get saved(): Saved | null {
    return this.savedAt === null ? null : { version: this.#version, savedAt: this.savedAt };
  }

  /** The body that was saved last; null: none. */
  get kept(): Body | null {
    return this.#kept;
  }

  /** What the service may have, though it has not said so; null: nothing. */
  get unsure(): Body | null {
    return this.#unsure;
  }

  /** Go on from a draft that was taken over, or kept by this tab with what the service may have beyond it. */
  from(saved: Saved | null, body: Body, unsure: Body | null = null): void {
    this.#unsure = unsure;
    if (saved === null) return;
    this.#version = saved.version;
    this.#body = body;
    this.#kept = body;
    this.savedAt = saved.savedAt;
    this.state = "saved";
    this.#later(HERE_MS);
  }

  changed(body: Body): void {
    this.#body = body;
    if (this.#ended) return;
    if (this.state !== "failed") this.state = "waiting";
    this.#later(QUIET_MS);
  }

  /** Save what is not saved yet, now. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#body === null || this.#busy || this.#paused || this.#ended) return;
    this.#busy = true;
    const sent = this.#unsure ?? this.#body;
    this.#unsure = sent;
    try {
      const saved = await this.#put(this.#version, sent);
      this.#unsure = null;
      this.#version = saved.version;
      this.#kept = sent;
      this.savedAt = saved.savedAt;
      const more = this.#body !== sent;
      this.state = more ? "waiting" : "saved";
      this.#later(more ? QUIET_MS : HERE_MS);
    } catch (error) {
      // What was refused for what it says will never be taken; anything else may have been.
      if (error instanceof Refusal && error.status < SERVER_FAULT) this.#unsure = null;
      this.#failed(error);
    } finally {
      this.#busy = false;
    }
  }

  /** Save nothing while the incident is being opened. */
  pause(): void {
    this.#paused = true;
    clearTimeout(this.#timer);
  }

  /** It was not opened: go on. */
  resume(): void {
    this.#paused = false;
    if (this.#body !== null) this.#later(QUIET_MS);
  }

  /** Save no more; what was saved stays at the service. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  get #ended(): boolean {
    return this.#stopped || this.state === "held" || this.state === "over";
  }

  #failed(error: unknown): void {
    const code = error instanceof Refusal ? error.code : "";
    if (error instanceof Refusal && (code === "draft.held" || code === "draft.outdated")) {
      const { current } = error.problem as { current?: { holder_name?: string | null; seat?: string } };
      this.heldBy = [current?.holder_name, current?.seat].filter(Boolean).join(" · ");
      this.state = "held";
    } else if (code === "draft.over") {
      this.state = "over";
    } else {
      this.state = "failed";
      this.#later(AGAIN_MS);
    }
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#ended && !this.#paused) this.#timer = setTimeout(() => void this.flush(), ms);
  }
}
