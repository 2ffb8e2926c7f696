/**
 * One question asked again and again: every so often, and soon after something happened. Never twice at once, so that
 * a slow service is not asked ever more; and what goes on happening puts the question off by no more than its first.
 */
export class Asking {
  readonly #ask: () => Promise<void>;
  readonly #everyMs: number;
  readonly #gatherMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = Infinity;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #going = false;
  #heard = false;

  /** everyMs: from an answer to the next question; gatherMs: from what happened, for such things come in flocks. */
  constructor(ask: () => Promise<void>, everyMs: number, gatherMs: number) {
    this.#ask = ask;
    this.#everyMs = everyMs;
    this.#gatherMs = gatherMs;
  }

  start(): void {
    this.#going = true;
    void this.now();
  }

  stop(): void {
    this.#going = false;
    this.#plan(Infinity);
  }

  /** Something happened: ask soon. */
  soon(): void {
    this.#heard = true;
    if (this.#running !== undefined || !this.#going) return;
    const dueAt = performance.now() + this.#gatherMs;
    if (dueAt < this.#dueAt) this.#plan(dueAt);
  }

  /** Ask at once, after the answer that is waited for: what is told then was asked after this call. */
  now(): Promise<void> {
    if (this.#running === undefined) return this.#run();
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.#run();
      });
    return this.#next;
  }

  #run(): Promise<void> {
    this.#plan(Infinity);
    this.#heard = false;
    this.#running = this.#ask().finally(() => {
      this.#running = undefined;
      if (this.#going) this.#plan(performance.now() + (this.#heard ? this.#gatherMs : this.#everyMs));
    });
    return this.#running;
  }

  #plan(dueAt: number): void {
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    if (dueAt !== Infinity) this.#timer = setTimeout(() => void this.now(), dueAt - performance.now());
  }
}
