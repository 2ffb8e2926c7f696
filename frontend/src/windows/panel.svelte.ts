/** A panel's own window: which one it is, and how it stays in step with the main window of its seat. */

import { PANELS, type Liked, type Panel, type Theme } from "../shell/liked";
import { session } from "../session/session.svelte";
import { selection } from "../shell/selection.svelte";
import { settings } from "../shell/settings.svelte";
import { channelOf, Joined, lockOf } from "./joined";

export interface PanelOf {
  panel: Panel;
  seat: string;
}

/** What an address asks for; null: the console itself. */
export function panelOf(search: string): PanelOf | null {
  const asked = new URLSearchParams(search);
  const panel = PANELS.find((one) => one === asked.get("panel"));
  const seat = asked.get("of") ?? "";
  return panel !== undefined && /^[0-9a-f-]{36}$/.test(seat) ? { panel, seat } : null;
}

class PanelWindow {
  /** For the wall, whatever theme the person has elsewhere. */
  wall = $state(false);
  #liked: Liked | null = null;
  #stands = false;
  #joined: Joined | null = null;

  follow({ panel, seat }: PanelOf): () => void {
    const joined = new Joined(channelOf(seat), {
      who: () => {
        // Somebody has logged in over there: then the login holds here too.
        if (session.state === "ended") void session.open();
        if (this.#stands) joined.say({ kind: "here", panel });
      },
      close: (said) => said.panel === panel && window.close(),
      chosen: ({ chosen }) => {
        selection.incident(chosen.incidentId);
        selection.unit(chosen.unitId);
      },
      liked: ({ liked }) => this.#like(liked),
    });
    this.#joined = joined;
    // Only who holds the lock stands; a second window of one panel waits for the first one to end.
    void navigator.locks.request(lockOf(seat, panel), () => {
      this.#stands = true;
      joined.say({ kind: "here", panel });
      return new Promise(() => undefined);
    });
    return () => joined.close();
  }

  /** Say what is chosen here: `$effect(() => panelWindow.tell())`. */
  tell(): void {
    const { incidentId, unitId } = selection;
    this.#joined?.tell({ kind: "chosen", chosen: { incidentId, unitId } });
  }

  turnWall(): void {
    this.wall = !this.wall;
    this.#like(this.#liked ?? settings.liked);
  }

  #like(liked: Liked): void {
    this.#liked = liked;
    const theme: Theme = this.wall ? "wall" : liked.theme;
    settings.show({ ...liked, theme });
  }
}

export const panelWindow = new PanelWindow();
