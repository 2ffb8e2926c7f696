/** What is known of a call beside what is typed: its number's history, and incidents that it may be about. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import type { CallRow, IncidentRow } from "../live/rows";
import type { DraftPlace } from "./draft";

export type Hint = Schemas["HintOut"];

const QUIET_MS = 200;

export class Known {
  /** The number in whole, once somebody asked for it; "" before. */
  phone = $state("");
  calls = $state.raw<readonly CallRow[]>([]);
  incidents = $state.raw<readonly IncidentRow[]>([]);
  /** Incidents that it may be about, and that nobody has said no to. */
  readonly hints: readonly Hint[] = $derived.by(() =>
    this.#found.filter((hint) => !this.#others.has(hint.incident_id)),
  );
  /** Services that were told of this call. */
  joined = $state.raw<readonly string[]>([]);
  #found = $state.raw<readonly Hint[]>([]);
  #others = $state.raw<ReadonlySet<string>>(new Set());
  /** It is not known yet whether it may be known. */
  looking = $state(false);
  #wanted = "";
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  forget(): void {
    this.#asked += 1;
    clearTimeout(this.#timer);
    this.phone = "";
    this.calls = [];
    this.incidents = [];
    this.joined = [];
    this.looking = false;
    this.#wanted = "";
    this.#found = [];
    this.#others = new Set();
  }

  /** Earlier calls from the number of a call. */
  history(call_id: string): void {
    void this.#told(async (mine) => {
      const { calls, incidents } = await told(
        api.GET("/api/calls/{call_id}/history", { params: { path: { call_id } } }),
      );
      if (mine !== this.#asked) return;
      this.calls = calls;
      this.incidents = incidents;
    }, this.#asked);
  }

  /** The same for a number that was typed. */
  historyOf(phone: string): void {
    if (phone.replace(/\D/g, "").length < 7) return;
    void this.#told(async (mine) => {
      const { calls, incidents } = await told(api.POST("/api/calls/history", { body: { phone } }));
      if (mine !== this.#asked) return;
      this.calls = calls;
      this.incidents = incidents;
    }, this.#asked);
  }

  /** Look for incidents that it may be about, soon. */
  look(place: DraftPlace | null, complaint: string, accuracy_m: number): void {
    const wanted = place === null ? "" : [place.lat, place.lon, accuracy_m, complaint].join("|");
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.looking = wanted !== "";
    clearTimeout(this.#timer);
    if (place === null) {
      this.#found = [];
      return;
    }
    this.#timer = setTimeout(() => {
      void this.#told(async (mine) => {
        const { lat, lon } = place;
        const { hints } = await told(
          api.POST("/api/incidents/duplicates", { body: { lat, lon, accuracy_m, complaint } }),
        );
        if (mine === this.#asked && wanted === this.#wanted) this.#found = hints;
      }, this.#asked).then(() => {
        if (wanted === this.#wanted) this.looking = false;
      });
    }, QUIET_MS);
  }

  /** It is another one. */
  notThis(incident_id: string): void {
    this.#others = new Set([...this.#others, incident_id]);
  }

  /** A hint that does not come is no hint; whoever needs it sees that the link is down. */
  async #told(act: (mine: number) => Promise<void>, mine: number): Promise<void> {
    try {
      await act(mine);
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }
}
