/** The windows of this seat, as its main window sees them: which panels stand outside, and what they are told. */

import { PANELS, type Panel } from "../shell/liked";
import { selection } from "../shell/selection.svelte";
import { settings } from "../shell/settings.svelte";
import { thisTab } from "../offline/tab";
import { channelOf, Joined, lockOf } from "./joined";

const SIZE = "popup,width=1280,height=860";

class Windows {
  /** Panels that stand in windows of their own now. */
  outside = $state.raw<readonly Panel[]>([]);
  /** The browser let no window open. */
  blocked = $state(false);
  /** Those that the person likes outside, and that are not there. */
  readonly missing: readonly Panel[] = $derived(
    settings.liked.layout.windows.filter((panel) => !this.outside.includes(panel)),
  );
  #joined: Joined | null = null;
  #seat = "";

  /** Be the main window until the end: `onMount(() => windows.follow())`. */
  follow(): () => void {
    let ended = false;
    void thisTab().then(({ id }) => {
      if (!ended) this.#join(id);
    });
    return () => {
      ended = true;
      this.#joined?.close();
    };
  }

  #join(seat: string): void {
    this.#seat = seat;
    this.#joined = new Joined(channelOf(seat), {
      here: ({ panel }) => this.#stands(panel),
      chosen: ({ chosen }) => {
        selection.incident(chosen.incidentId);
        selection.unit(chosen.unitId);
      },
    });
    this.ask();
  }

  /** Who stands outside? */
  ask(): void {
    this.#joined?.say({ kind: "who" });
  }

  has(panel: Panel): boolean {
    return this.outside.includes(panel);
  }

  /** Say what is chosen and liked here: `$effect(() => windows.tell())`. */
  tell(): void {
    const { incidentId, unitId } = selection;
    this.#joined?.tell({ kind: "chosen", chosen: { incidentId, unitId } });
    this.#joined?.tell({ kind: "liked", liked: settings.liked });
  }

  /** Give a panel a window of its own; only a key or a click may. */
  open(panel: Panel): void {
    if (this.#seat === "") return;
    const address = new URL(location.href);
    address.search = new URLSearchParams({ panel, of: this.#seat }).toString();
    this.blocked = window.open(address, `tarim-${this.#seat}-${panel}`, SIZE) === null;
    if (!this.blocked) this.#like([...settings.liked.layout.windows, panel]);
  }

  close(panel: Panel): void {
    this.#joined?.say({ kind: "close", panel });
    this.#like(settings.liked.layout.windows.filter((one) => one !== panel));
  }

  /** All that the person likes outside; a browser may let open one for each key. */
  restore(): void {
    for (const panel of this.missing) {
      this.open(panel);
      if (this.blocked) return;
    }
  }

  #like(panels: readonly Panel[]): void {
    const windows = PANELS.filter((panel) => panels.includes(panel));
    settings.set({ layout: { ...settings.liked.layout, windows } });
  }

  /** It stands as long as it holds its lock: then its place is here again. */
  #stands(panel: Panel): void {
    this.#joined?.say({ kind: "chosen", chosen: { incidentId: selection.incidentId, unitId: selection.unitId } });
    this.#joined?.say({ kind: "liked", liked: settings.liked });
    if (this.has(panel)) return;
    this.outside = [...this.outside, panel];
    void navigator.locks.request(lockOf(this.#seat, panel), () => {
      this.outside = this.outside.filter((one) => one !== panel);
    });
  }
}

export const windows = new Windows();
