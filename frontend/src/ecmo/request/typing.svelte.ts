/**
 * What is typed into a form is saved soon after: only what changed, so that two who type at once lose nothing but the same
 * field. While no answer comes it is held here and sent again; nothing typed is thrown away but what the service refuses.
 */

import { NoAnswer, Refusal } from "../../client/api";

export type Fields = Readonly<Record<string, unknown>>;
export type TypingState =
  /** Nothing typed yet. */
  | "none"
  /** Typed, on its way. */
  | "waiting"
  | "saved"
  /** No answer comes: held on this page, sent again. */
  | "failed";

const QUIET_MS = 300;
const AGAIN_MS = 2_000;
const SERVER_FAULT = 500;

export class Typing {
  state = $state<TypingState>("none");
  /** When it was saved last, by this computer's clock. */
  savedAt = $state<number | null>(null);
  /** Not at the service yet. */
  pending = $state.raw<Fields>({});
  /** Why the service did not take something, by its code; "" for nothing. */
  refused = $state("");
  readonly #send: (fields: Fields) => Promise<void>;
  #busy: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(send: (fields: Fields) => Promise<void>) {
    this.#send = send;
  }

  get waits(): boolean {
    return Object.keys(this.pending).length > 0;
  }

  /** Go on with what a page before this one could not send. */
  from(pending: Fields): void {
    if (Object.keys(pending).length === 0) return;
    this.pending = { ...pending, ...this.pending };
    this.state = "waiting";
    this.#later(0);
  }

  type(fields: Fields): void {
    this.pending = { ...this.pending, ...fields };
    this.refused = "";
    if (this.state !== "failed") this.state = "waiting";
    this.#later(QUIET_MS);
  }

  /** Send what waits, now; true when nothing is left. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    while (this.waits) {
      if (this.#busy !== null) await this.#busy;
      else {
        this.#busy = this.#once();
        await this.#busy;
        this.#busy = null;
        if (this.state === "failed") return false;
      }
    }
    return this.refused === "";
  }

  /** The form is left: what waits is sent once more, and not again. */
  stop(): void {
    this.#stopped = true;
    void this.flush();
  }

  async #apart(all: Fields): Promise<void> {
    for (const [name, value] of Object.entries(all)) {
      await this.#once({ [name]: value });
      if (this.state === "failed") return;
    }
  }

  async #once(sent: Fields = this.pending): Promise<void> {
    try {
      await this.#send(sent);
      this.#leave(sent);
      this.savedAt = Date.now();
      this.state = this.waits ? "waiting" : "saved";
    } catch (error) {
      if (error instanceof Refusal && error.status < SERVER_FAULT) {
        // Of several that were refused together each is asked by itself: only what is refused alone is left out.
        if (Object.keys(sent).length > 1) return await this.#apart(sent);
        this.#leave(sent);
        this.refused = error.code;
        this.state = this.waits ? "waiting" : this.savedAt === null ? "none" : "saved";
      } else if (error instanceof Refusal || error instanceof NoAnswer) {
        this.state = "failed";
        this.#later(AGAIN_MS);
      } else throw error;
    }
  }

  /** What was sent is done with, but not what was typed over it meanwhile. */
  #leave(sent: Fields): void {
    this.pending = Object.fromEntries(
      Object.entries(this.pending).filter(([name, value]) => !(name in sent) || sent[name] !== value),
    );
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => void this.flush(), ms);
  }
}
