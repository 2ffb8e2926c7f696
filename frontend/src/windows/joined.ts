/**
 * How the windows of one seat speak with each other: a seat's main window and its panels, over a channel of the browser
 * that no other seat hears. Nothing of it leaves the machine. Pure but for the channel itself, which is handed in.
 */

import type { Liked, Panel } from "../shell/liked";

export interface Chosen {
  incidentId: string | null;
  unitId: string | null;
}

export type Said =
  /** A panel stands; the main window gives its place away. */
  | { kind: "here"; panel: Panel }
  /** Who is there? Asked by a main window that was loaded anew. */
  | { kind: "who" }
  /** Come back: a panel closes itself. */
  | { kind: "close"; panel: Panel }
  | { kind: "chosen"; chosen: Chosen }
  | { kind: "liked"; liked: Liked };

/** The part of a BroadcastChannel that is used. */
export interface Wire {
  postMessage(said: Said): void;
  onmessage: ((event: { data: unknown }) => void) | null;
  close(): void;
}

type Heard = { [Kind in Said["kind"]]?: (said: Extract<Said, { kind: Kind }>) => void };

/** Says and hears; what was heard last is not said again. */
export class Joined {
  readonly #wire: Wire;
  #last = "";

  constructor(wire: Wire, heard: Heard) {
    this.#wire = wire;
    wire.onmessage = ({ data }) => {
      const said = data as Said;
      this.#last = JSON.stringify(said);
      (heard[said.kind] as ((told: Said) => void) | undefined)?.(said);
    };
  }

  say(said: Said): void {
    this.#wire.postMessage(said);
  }

  /** Say a state, unless it is what the other side has just said. */
  tell(said: Extract<Said, { kind: "chosen" | "liked" }>): void {
    const text = JSON.stringify(said);
    if (text === this.#last) return;
    this.#last = text;
    this.#wire.postMessage(said);
  }

  close(): void {
    this.#wire.onmessage = null;
    this.#wire.close();
  }
}

export function channelOf(seat: string): Wire {
  return new BroadcastChannel(`tarim.windows.${seat}`) as unknown as Wire;
}

/** Held by a panel as long as its window is there, however it ends. */
export function lockOf(seat: string, panel: Panel): string {
  return `tarim.window.${seat}.${panel}`;
}
