/** All that the console knows of the present: one store, fed by one link. */

import { Arrivals, type Coming } from "./arrivals.svelte";
import { ServiceClock } from "./clock.svelte";
import { Collection } from "./collection.svelte";
import { Connection, type Link, type Place, type Socket } from "./connection";
import { elapsed } from "./elapsed";
import { Positions } from "./positions";
import { TOPICS, type Fact, type Frame, type Latest, type Row, type Topic } from "./protocol";
import type { AssignmentRow, CallRow, EcmoRow, IncidentRow, UnitRow } from "./rows";

type FactListener = (fact: Fact) => void;

/** What was known at one moment, to go on from after the page was loaded anew. */
export interface KeptLive {
  place: Place;
  trueUntil: number;
  /** How far the computer's clock was off; milliseconds. */
  offByMs: number;
  boards: Readonly<Record<Topic, readonly Row[]>>;
  positions: readonly Latest[];
}

const NO_LINK: Link = {
  state: "opening",
  seq: null,
  heardAt: null,
  heardNow: null,
  attempt: 0,
  nextTryAt: null,
  roundTripMs: null,
  server: "",
};

export class LiveStore {
  readonly clock = new ServiceClock();
  /** What is followed; another page than the console follows fewer. To be said before the start. */
  topics: readonly Topic[] = TOPICS;
  readonly calls = new Collection<CallRow>((row) => row.open);
  readonly incidents = new Collection<IncidentRow>((row) => row.active);
  readonly units = new Collection<UnitRow>();
  readonly assignments = new Collection<AssignmentRow>((row) => row.state === "active");
  readonly ecmo = new Collection<EcmoRow>();
  readonly positions = new Positions();
  readonly arrivals = new Arrivals();
  link = $state.raw<Link>(NO_LINK);
  /** The service's time up to which everything here is true, in milliseconds since 1970; null: nothing is known. */
  trueUntil = $state<number | null>(null);
  #connection: Connection | null = null;
  #from: Place | null = null;
  readonly #facts = new Set<FactListener>();

  /** Everything shown is of this moment. */
  readonly current: boolean = $derived(this.link.state === "live");
  /** Nothing shown is of now: the banner stands, and nothing is commanded. */
  readonly lost: boolean = $derived(this.link.state === "lost" || this.link.state === "stalled");

  /** Follow the feed. `unopened` is called when a link could not be opened: perhaps the login has run out. */
  start(unopened: () => void): void {
    this.stop();
    this.#connection = new Connection(
      this.topics,
      { link: (link) => this.#follow(link), frame: (frame) => this.#take(frame), unopened },
      { open: openSocket, now: () => elapsed.now() },
      this.#from,
    );
    this.#connection.start();
  }

  get following(): boolean {
    return this.#connection !== null;
  }

  /** What is known now; null while not all boards are. */
  kept(): KeptLive | null {
    const place = this.#connection?.place ?? null;
    if (place === null || this.trueUntil === null || !this.topics.every((topic) => this.#board(topic).known))
      return null;
    const rows = this.topics.map((topic) => [topic, this.#board(topic).all] as const);
    return {
      place,
      trueUntil: this.trueUntil,
      offByMs: this.clock.computerOffByMs,
      boards: Object.fromEntries(rows) as unknown as KeptLive["boards"],
      positions: [...this.positions.all()],
    };
  }

  /** Begin with what was kept. It is of the past: the link counts as lost until the service has told the rest. */
  restore(kept: KeptLive): void {
    for (const topic of this.topics) this.#board(topic).replace(kept.boards[topic]);
    this.positions.take(kept.positions);
    this.trueUntil = kept.trueUntil;
    this.clock.assume(kept.offByMs);
    this.#from = kept.place;
    this.link = { ...NO_LINK, state: "lost", seq: kept.place.seq };
  }

  stop(): void {
    this.#connection?.stop();
    this.#connection = null;
  }

  /** Nothing that one person saw is left for the next. */
  forget(): void {
    this.stop();
    for (const topic of [...TOPICS, "ecmo"] as const) this.#board(topic).forget();
    this.positions.forget();
    this.arrivals.forget();
    this.#from = null;
    this.link = NO_LINK;
    this.trueUntil = null;
  }

  reconnect(): void {
    this.#connection?.retry();
  }

  /** Hear every line of the journal as it comes; returns how to stop. */
  onFact(listener: FactListener): () => void {
    this.#facts.add(listener);
    return () => this.#facts.delete(listener);
  }

  /** When the unit of an assignment will be there; none while the link is lost: roads and places may be others by now. */
  coming(assignmentId: string | undefined): Coming | undefined {
    return this.lost ? undefined : this.arrivals.get(assignmentId, this.clock.second);
  }

  #follow(link: Link): void {
    this.link = link;
  }

  #take(frame: Frame): void {
    switch (frame.kind) {
      case "welcome":
        this.clock.heard(frame.now);
        break;
      case "tick":
        this.clock.heard(frame.now);
        if (frame.fresh) this.trueUntil = Date.parse(frame.now);
        break;
      case "snapshot":
        this.#board(frame.topic).replace(frame.items);
        if (frame.topic === "assignments") this.arrivals.forget(); // all come anew right after it
        break;
      case "rows":
        this.#board(frame.topic).merge(frame.items, frame.gone);
        if (frame.topic === "assignments") this.arrivals.drop(frame.gone);
        break;
      case "fact":
        for (const listener of this.#facts) listener(frame);
        break;
      case "latest":
        if (frame.topic === "units") this.positions.take(frame.items);
        else this.arrivals.take(frame.items);
        break;
      case "pong":
      case "refused":
        break;
    }
  }

  // Rows of a topic are of its type by the service's contract.
  #board(topic: Topic): Collection<Row> {
    return this[topic] as unknown as Collection<Row>;
  }
}

function openSocket(): Socket {
  const address = new URL("/api/live", location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(address) as unknown as Socket;
}

export const live = new LiveStore();
