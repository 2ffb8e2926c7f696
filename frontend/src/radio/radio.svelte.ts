/**
 * The radio sheet of this seat: made anew every minute while the link lives, and kept in this browser, so that it is
 * there when the service is not. It goes with the person: at the logout, and when another person logs in.
 *
 * It is one text of some tens of kilobytes, written whole: localStorage does that at once, and is there without waiting.
 */

import { seatName } from "../calls/draft";
import { live } from "../live/store.svelte";
import { ground } from "../map/ground.svelte";
import { sheetOf, type Sheet } from "./sheet";

const STORED = "tarim.radio.1";
export const EVERY_MS = 60_000;

class Radio {
  open = $state(false);
  page = $state<"sheet" | "late">("sheet");
  /** The newest that is known; null: nothing was ever told to this seat. */
  sheet = $state.raw<Sheet | null>(null);
  #person = "";

  /** This person is here now: another's sheet is thrown away. */
  of(person: string): void {
    const kept = read();
    if (kept !== null && kept.person !== person) this.forget();
    else this.sheet = kept;
    this.#person = person;
  }

  /** Make it anew of what the console knows; where it knows nothing, the kept one stays. */
  renew(): void {
    if (this.#person === "" || live.trueUntil === null || !live.units.known || !live.incidents.known) return;
    const { units, incidents, assignments, calls } = live;
    this.sheet = sheetOf(
      {
        units: units.all,
        incidents: incidents.all,
        assignments: assignments.all,
        calls: calls.all,
        stations: ground.stations,
        hospitals: ground.hospitals,
      },
      this.#person,
      seatName().slice(0, 3),
      live.trueUntil,
    );
    try {
      localStorage.setItem(STORED, JSON.stringify(this.sheet));
    } catch {
      // A browser that keeps nothing has it until the page is closed.
    }
  }

  show(page: "sheet" | "late" = "sheet"): void {
    this.renew();
    this.page = page;
    this.open = true;
  }

  /** Nobody is here until somebody logs in. */
  forget(): void {
    this.#person = "";
    this.sheet = null;
    this.open = false;
    try {
      localStorage.removeItem(STORED);
    } catch {
      // Nothing was kept there.
    }
  }
}

function read(): Sheet | null {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "null") as Sheet | null;
  } catch {
    return null;
  }
}

export const radio = new Radio();
