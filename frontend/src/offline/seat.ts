/**
 * This seat as it last was, kept in the browser beside the radio sheet: when the page is loaded anew while the service is
 * away, the boards stand there as they were, and are said to be of then. It goes with the person, and with the build that
 * wrote it: no other reads it.
 */

import { cards, type CardSet } from "../cards/cards.svelte";
import { live, type KeptLive } from "../live/store.svelte";
import { closures, type DrawnClosure } from "../map/closures.svelte";
import { ground, type KeptGround } from "../map/ground.svelte";
import { session, type Who } from "../session/session.svelte";
import { region, type Served } from "../shell/region.svelte";
import { buildOf } from "./build.svelte";

const CACHE = "tarim-seat";
/** A name in that cache, not an address: nothing is served there. */
const NAME = "/kept/seat.json";
/** Of a shift before nobody goes on; milliseconds. */
const KEPT_FOR_MS = 12 * 3_600_000;

interface Kept {
  build: string;
  who: Who;
  live: KeptLive;
  region: Served | null;
  ground: KeptGround;
  cards: CardSet | null;
  closures: readonly DrawnClosure[] | null;
}

class Seat {
  /** What is forgotten is forgotten after whatever is being kept. */
  #last: Promise<unknown> = Promise.resolve();

  /** Keep what is known now; where not all is known, what was kept before stays. */
  async keep(): Promise<void> {
    const { who } = session;
    const known = live.kept();
    if (known === null || who === null || session.state !== "in") return;
    const kept: Kept = {
      build: buildOf(),
      who,
      live: known,
      region: region.served,
      ground: ground.kept(),
      cards: cards.set,
      closures: closures.known ? closures.all : null,
    };
    await this.#inTurn((cache) => cache.put(NAME, new Response(JSON.stringify(kept))));
  }

  /** Begin with what was kept, if there is any; who was here. */
  async restore(): Promise<Who | null> {
    const answer = await inCache((cache) => cache.match(NAME));
    if (answer === undefined) return null;
    const kept = (await answer.json()) as Kept;
    const age = Date.now() - kept.live.offByMs - kept.live.trueUntil;
    if (kept.build !== buildOf() || age > KEPT_FOR_MS) return null;
    live.restore(kept.live);
    region.served = kept.region;
    ground.restore(kept.ground);
    cards.set = kept.cards;
    if (kept.closures !== null) closures.restore(kept.closures);
    return kept.who;
  }

  /** This person is here now: what is kept of another goes. */
  async of(person: string): Promise<void> {
    await this.#inTurn(async (cache) => {
      const kept = (await (await cache.match(NAME))?.json()) as Kept | undefined;
      if (kept !== undefined && kept.who.id !== person) await cache.delete(NAME);
    });
  }

  /** Nothing of it is left for the next. */
  async forget(): Promise<void> {
    await this.#inTurn((cache) => cache.delete(NAME));
  }

  async #inTurn(act: (cache: Cache) => Promise<unknown>): Promise<void> {
    this.#last = this.#last.then(() => inCache(act));
    await this.#last;
  }
}

/** A browser may keep nothing, or be full: then the seat opens as if nothing had been kept. */
async function inCache<T>(act: (cache: Cache) => Promise<T>): Promise<T | undefined> {
  try {
    return await act(await caches.open(CACHE));
  } catch {
    return undefined;
  }
}

export const seat = new Seat();
