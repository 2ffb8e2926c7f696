/**
 * Incidents that a person has pinned to the top of the own board. Kept in this browser, by person; nothing of them but
 * their ids. So few that what waits below stays in sight.
 */

export const MOST_PINS = 4;
const STORED = "tarim.pins.1";

class Pins {
  /** The newest last. */
  ids = $state.raw<readonly string[]>([]);
  #person = "";

  /** Those of a person; "" for nobody. */
  of(person: string): void {
    this.#person = person;
    this.ids = person === "" ? [] : read(`${STORED}.${person}`);
  }

  has(id: string): boolean {
    return this.ids.includes(id);
  }

  /** Pin or let go; with too many the oldest is let go. `onBoard`: who is over takes no room. */
  turn(id: string, onBoard: (id: string) => boolean): void {
    const others = this.ids.filter((one) => one !== id && onBoard(one));
    this.ids = this.has(id) ? others : [...others, id].slice(-MOST_PINS);
    if (this.#person === "") return;
    try {
      localStorage.setItem(`${STORED}.${this.#person}`, JSON.stringify(this.ids));
    } catch {
      // A browser that keeps nothing still shows them until the page is closed.
    }
  }
}

function read(key: string): string[] {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "[]") as unknown;
    return Array.isArray(kept) ? kept.filter((one): one is string => typeof one === "string").slice(-MOST_PINS) : [];
  } catch {
    return [];
  }
}

export const pins = new Pins();
