/** Closures and slow-downs: read with the stretches they touch, made and lifted. A change of theirs is a fact of the feed. */

import { api, orders, told, type Schemas } from "../client/api";
import { live } from "../live/store.svelte";
import { toldGeo, type Line } from "./geojson";
import { routes } from "./routes.svelte";

export type Closure = Schemas["ClosureOut"];

export interface DrawnClosure {
  closure: Closure;
  lines: readonly Line[];
}

/** The feed tells of every change; one that begins or ends by the clock is seen after so long at the latest. */
const EVERY_MS = 30_000;

class Closures {
  all = $state.raw<readonly DrawnClosure[]>([]);
  known = $state(false);
  selectedId = $state<string | null>(null);
  readonly selected: DrawnClosure | undefined = $derived(
    this.all.find(({ closure }) => closure.id === this.selectedId),
  );

  /** Keep them fresh while a map shows them; returns how to stop. */
  follow(): () => void {
    void this.load();
    const timer = setInterval(() => void this.load(), EVERY_MS);
    const deaf = live.onFact(({ type }) => {
      if (!type.startsWith("closure.")) return;
      routes.doubt();
      void this.load();
    });
    return () => {
      clearInterval(timer);
      deaf();
    };
  }

  async load(): Promise<void> {
    try {
      const [listed, drawn] = await Promise.all([
        told(api.GET("/api/closures")),
        toldGeo<"ClosedRoadsOut">(api.GET("/api/closures/roads")),
      ]);
      const lines = new Map(
        drawn.features.map(({ geometry, properties }) => [properties.id, geometry.coordinates as unknown as Line[]]),
      );
      this.all = listed.closures.map((closure) => ({ closure, lines: lines.get(closure.id) ?? [] }));
      this.known = true;
    } catch {
      // What was known stays; the link's own state tells that it may be old.
    }
  }

  restore(all: readonly DrawnClosure[]): void {
    this.all = all;
    this.known = true;
  }

  async add(body: Schemas["ClosureIn"]): Promise<void> {
    const made = await told(orders.POST("/api/closures", { body }));
    await this.load();
    this.selectedId = made.id;
  }

  async lift(closure_id: string): Promise<void> {
    await told(orders.DELETE("/api/closures/{closure_id}", { params: { path: { closure_id } } }));
    this.selectedId = null;
    await this.load();
  }
}

export const closures = new Closures();
