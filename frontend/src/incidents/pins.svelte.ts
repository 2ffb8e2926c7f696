/**
 * Incidents that a person has pinned to the top of the own board: part of what the person likes, so they follow to another
 * seat and to other windows. So few that what waits below stays in sight.
 */

import { settings } from "../shell/settings.svelte";

export const MOST_PINS = 4;

class Pins {
  /** The newest last. */
  get ids(): readonly string[] {
    return settings.liked.pins.slice(-MOST_PINS);
  }

  has(id: string): boolean {
    return this.ids.includes(id);
  }

  /** Pin or let go; with too many the oldest is let go. `onBoard`: who is over takes no room. */
  turn(id: string, onBoard: (id: string) => boolean): void {
    const others = this.ids.filter((one) => one !== id && onBoard(one));
    settings.set({ pins: this.has(id) ? others : [...others, id].slice(-MOST_PINS) });
  }
}

export const pins = new Pins();
