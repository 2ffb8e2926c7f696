/**
 * The service's time. No screen asks the computer's clock: it may be wrong by minutes.
 *
 * Every welcome and tick tells the service's time. Of the last ones the one that came quickest is believed, and from
 * there on counts what has passed (`elapsed`): it is never set, and goes on while the computer sleeps.
 */

import { elapsed } from "./elapsed";

const KEPT = 30;
/** The computer's clock may differ by so much before the console says so; milliseconds. */
const TOLERATED_MS = 30_000;
const SECOND_MS = 1_000;

export class ServiceClock {
  /** The service's time in whole seconds, as milliseconds since 1970; moves once a second. 0: not known yet. */
  second = $state(0);
  /** How far the computer's own clock is off (positive: ahead); null while it is within what is tolerated. */
  wrongByMs = $state<number | null>(null);
  #offsets: number[] = [];
  #offset: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #monotonic: () => number;

  constructor(monotonic: () => number = () => elapsed.now()) {
    this.#monotonic = monotonic;
  }

  get known(): boolean {
    return this.second > 0;
  }

  /** Now, in milliseconds since 1970, exact to the way that a frame took. Before the first frame: the computer's. */
  now(): number {
    return this.#offset === null ? Date.now() : this.#monotonic() + this.#offset;
  }

  /** A frame has told the time. */
  heard(now: string): void {
    const offset = Date.parse(now) - this.#monotonic();
    if (Number.isNaN(offset)) return;
    // The machine slept, or the service's clock was set: what was heard before is worth nothing.
    if (this.#offset !== null && Math.abs(offset - this.#offset) > TOLERATED_MS) this.#offsets = [];
    this.#offsets = [...this.#offsets.slice(1 - KEPT), offset];
    this.#offset = Math.max(...this.#offsets);
    const wrong = Date.now() - this.now();
    this.wrongByMs = Math.abs(wrong) > TOLERATED_MS ? wrong : null;
    this.#beat();
  }

  /** How far the computer's clock is off, as far as is known: a clock that goes on without the service begins with it. */
  get computerOffByMs(): number {
    return this.known ? Date.now() - this.now() : 0;
  }

  /** The service is not there to tell the time: believe the computer's clock, which was off by so much. */
  assume(offByMs: number): void {
    if (this.#offset !== null) return;
    this.#offset = Date.now() - offByMs - this.#monotonic();
    this.#beat();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #beat(): void {
    clearTimeout(this.#timer);
    const now = this.now();
    this.second = Math.floor(now / SECOND_MS) * SECOND_MS;
    this.#timer = setTimeout(() => this.#beat(), SECOND_MS - (now % SECOND_MS) + 1);
  }
}
