/** Who is at this seat. A login that runs out in the middle of work asks for it again over what is on the screen. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { loggedIn, loginsSoFar, whenSessionEnds } from "../client/gate";

export type Who = Schemas["SessionOut"];
type State =
  /** Being asked. */
  | "opening"
  /** Nobody is logged in. */
  | "out"
  | "in"
  /** The login ran out; the screen stays as it is underneath. */
  | "ended"
  /** The service does not answer, and of this seat nothing is known. */
  | "unreachable"
  /** The service does not answer; who was here before the page was loaded anew is taken to be here still. */
  | "kept";

const UNAUTHORIZED = 401;

class Session {
  state = $state<State>("opening");
  who = $state.raw<Who | null>(null);
  #waiting: { promise: Promise<void>; done: () => void } | null = null;
  readonly #changed = new Set<(before: Who | null) => void>();
  readonly #left = new Set<() => Promise<void>>();

  constructor() {
    whenSessionEnds(() => this.#ended());
  }

  /** Called with who was here before, whenever somebody has logged in. */
  onLogin(act: (before: Who | null) => void): void {
    this.#changed.add(act);
  }

  /** Called when whoever is here has logged out, before the page is loaded anew. */
  onLogout(act: () => Promise<void>): void {
    this.#left.add(act);
  }

  /** Somebody works here: keys and dialogs are theirs. */
  get here(): boolean {
    return this.state === "in" || this.state === "kept";
  }

  /** Nobody can be asked who is here: go on with whom this seat knows. Nothing is ordered until the service answers. */
  assume(who: Who): void {
    this.who = who;
    this.state = "kept";
  }

  async open(): Promise<void> {
    this.state = "opening";
    try {
      this.#entered(await told(api.GET("/api/session")));
    } catch (error) {
      if (error instanceof NoAnswer) this.state = "unreachable";
      else if (error instanceof Refusal && error.status === UNAUTHORIZED) this.state = "out";
      else throw error;
    }
  }

  /** Raises Refusal or NoAnswer. */
  async logIn(name: string, password: string): Promise<void> {
    this.#entered(await told(api.POST("/api/session", { body: { name, password } })));
  }

  async logOut(): Promise<void> {
    await told(api.DELETE("/api/session"));
    // Until the page is loaded anew nobody is here.
    this.state = "opening";
    await Promise.all([...this.#left].map((act) => act()));
    location.reload();
  }

  /** Ask whether the login still holds: a link that cannot be opened may mean that it does not. */
  async check(): Promise<void> {
    if (!this.here) return;
    const before = loginsSoFar();
    try {
      const who = await told(api.GET("/api/session"));
      if (this.state === "kept") this.#entered(who);
    } catch (error) {
      const refused = error instanceof Refusal && error.status === UNAUTHORIZED;
      if (refused && before === loginsSoFar()) void this.#ended();
    }
  }

  #entered(who: Who): void {
    const before = this.who;
    this.who = who;
    this.state = "in";
    loggedIn();
    for (const act of this.#changed) act(before);
    this.#waiting?.done();
    this.#waiting = null;
  }

  #ended(): Promise<void> {
    this.state = this.who === null ? "out" : "ended";
    if (this.#waiting === null) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting = { promise, done: resolve };
    }
    return this.#waiting.promise;
  }
}

export const session = new Session();
