/** Weather and operators' answers that flights are judged by, as every desk sees them. */

import { Acting } from "../../client/acting.svelte";
import { api, NoAnswer, orders, Refusal, told, type Schemas } from "../../client/api";
import { live } from "../../live/store.svelte";

const EVERY_MS = 15_000;
const GATHER_MS = 150;

export class Sky {
  readonly acting = new Acting();
  told = $state.raw<Schemas["SkyOut"] | null>(null);
  failed = $state<string | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #going = false;

  start(): () => void {
    this.#going = true;
    const hush = live.onFact(({ type }) => {
      if (type.startsWith("ecmo")) this.#soon(GATHER_MS);
    });
    void this.look();
    return () => {
      this.#going = false;
      hush();
      clearTimeout(this.#timer);
    };
  }

  async look(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      this.told = await told(api.GET("/api/ecmo/sky"));
      this.failed = null;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      this.failed = error instanceof Refusal ? error.code : "";
    }
    this.#soon(EVERY_MS);
  }

  report(place: string, body: Schemas["WeatherIn"]): Promise<boolean> {
    return this.acting.run(async () => {
      this.told = await told(orders.POST("/api/ecmo/weather/{place}", { params: { path: { place } }, body }));
    });
  }

  answer(code: string, body: Schemas["FlightAnswerIn"]): Promise<boolean> {
    return this.acting.run(async () => {
      this.told = await told(orders.POST("/api/ecmo/aircraft/{code}/answers", { params: { path: { code } }, body }));
    });
  }

  hold(code: string, body: Schemas["AirportHoldIn"]): Promise<boolean> {
    return this.acting.run(async () => {
      this.told = await told(orders.POST("/api/ecmo/airports/{code}/hold", { params: { path: { code } }, body }));
    });
  }

  #soon(afterMs: number): void {
    clearTimeout(this.#timer);
    if (this.#going) this.#timer = setTimeout(() => void this.look(), afterMs);
  }
}
