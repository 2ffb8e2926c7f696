/** Why no order goes out, while that is so; null: they go. */
type Held = () => string | null;

const held = new Set<Held>();

/** Say what holds orders back, beside all else that does. */
export function holdOrders(why: Held): void {
  held.add(why);
}

export function ordersHeld(): string | null {
  for (const why of held) {
    const words = why();
    if (words !== null) return words;
  }
  return null;
}

/** What happens when the service says that nobody is logged in any more; the session sets it. */

type Ended = () => Promise<void>;

let logins = 0;

/** Somebody has logged in. */
export function loggedIn(): void {
  logins += 1;
}

/** How often somebody has logged in: an answer to what was asked before the last time says nothing of the login now. */
export function loginsSoFar(): number {
  return logins;
}

let ended: Ended = () => Promise.reject(new Error("nobody answers for the login"));

/** Say what is to be done; the promise is kept once somebody has logged in again. */
export function whenSessionEnds(act: Ended): void {
  ended = act;
}

export function sessionEnded(): Promise<void> {
  return ended();
}
