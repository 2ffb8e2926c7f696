/** Why no order goes out, while that is so; null: they go. */
type Held = () => string | null;

let held: Held = () => null;

/** Say what holds orders back. */
export function holdOrders(why: Held): void {
  held = why;
}

export function ordersHeld(): string | null {
  return held();
}

/** What happens when the service says that nobody is logged in any more; the session sets it. */

type Ended = () => Promise<void>;

let ended: Ended = () => Promise.reject(new Error("nobody answers for the login"));

/** Say what is to be done; the promise is kept once somebody has logged in again. */
export function whenSessionEnds(act: Ended): void {
  ended = act;
}

export function sessionEnded(): Promise<void> {
  return ended();
}
