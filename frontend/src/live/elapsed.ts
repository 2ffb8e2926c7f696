/**
 * How much time has passed, sleep included. On most systems `performance.now()` stands still while a computer sleeps; the
 * computer's own clock goes on. Where that is far ahead of the other all of a sudden, the machine slept (or somebody set
 * its clock: what is shown is then held for older than it is, until the service tells the time).
 */

/** Less is not told from a clock that was set right; milliseconds. */
export const NOTICED_MS = 30_000;

export class Elapsed {
  #slept = 0;
  #steady: number;
  #wall: number;
  readonly #clocks: { steady(): number; wall(): number };

  constructor(clocks = { steady: () => performance.now(), wall: () => Date.now() }) {
    this.#clocks = clocks;
    this.#steady = clocks.steady();
    this.#wall = clocks.wall();
  }

  /** Milliseconds since an arbitrary moment; never goes back. */
  now(): number {
    const [steady, wall] = [this.#clocks.steady(), this.#clocks.wall()];
    const ahead = wall - this.#wall - (steady - this.#steady);
    if (ahead > NOTICED_MS) this.#slept += ahead;
    [this.#steady, this.#wall] = [steady, wall];
    return steady + this.#slept;
  }
}

export const elapsed = new Elapsed();
