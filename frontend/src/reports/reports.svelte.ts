/**
 * The figures on the screen: asked whenever another view is asked for, and again every few seconds while the page is
 * open. What is shown always belongs to what is asked; an answer that comes late to another question is thrown away.
 */

import type { Geometry } from "geojson";
import { cards } from "../cards/cards.svelte";
import { api, told, type Schemas } from "../client/api";
import { live } from "../live/store.svelte";
import { toldGeo } from "../map/geojson";
import { CLOSED, readAsked, spanOf, writeAsked, type Asked } from "./asked";
import { Asking } from "./asking.svelte";
import { pairOf } from "./compared";
import type { Covered } from "./coverage/covering";
import { askBehind, askCompared, askCoverage, askFigures, askQuality, askUnion, BEHIND } from "./questions";
import type { Behind, Shown } from "./questions";
import type { Compared } from "./questions";
import type { Definition } from "./telling";

const EVERY_MS = 15_000;
/** Coverage is reckoned anew at most so often. */
const COVERAGE_MS = 30_000;
/** What has been asked for and not come is asked for again sooner. */
const SOON_MS = 3_000;

export interface Zone {
  id: string;
  names: { zh: string; en: string; ug: string };
  organisation: string;
  shape: Geometry;
}

class Reports {
  asked = $state.raw<Asked>(readAsked(""));
  definitions = $state.raw<Schemas["DefinitionsOut"] | null>(null);
  stations = $state.raw<ReadonlyMap<string, Schemas["StationOut"]>>(new Map());
  counties = $state.raw<ReadonlyMap<string, Zone>>(new Map());
  readonly figures = new Asking<Shown>();
  readonly quality = new Asking<Schemas["QualityOut"]>();
  readonly ecmo = new Asking<Schemas["EcmoFiguresOut"]>();
  readonly union = new Asking<Schemas["UnionOut"]>();
  readonly coverage = new Asking<Covered>();
  readonly compared = new Asking<Compared>();
  readonly behind = new Asking<Behind>();
  readonly known = new Asking<void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #going = false;
  #looks = 0;
  readonly newest: ReadonlyMap<string, Definition> = $derived(
    new Map((this.definitions?.kpis ?? []).map((one) => [one.id, one])),
  );
  get versions(): readonly Definition[] {
    return this.definitions?.kpis ?? [];
  }
  /** The question of the part of the page that is open. */
  readonly open = $derived(this.#of(this.asked));
  readonly asOf: Schemas["AsOf"] | null = $derived(
    (this.asked.tab === "figures"
      ? this.figures.value?.figures
      : this.asked.tab === "compare"
        ? this.compared.value?.answer
        : this.asked.tab === "quality"
          ? this.quality.value
          : this.asked.tab === "union"
            ? this.union.value
            : null
    )?.as_of ?? null,
  );

  start(): void {
    this.#going = true;
    this.asked = readAsked(location.search);
    void this.look();
  }

  stop(): void {
    this.#going = false;
    this.#looks += 1;
    for (const one of [
      this.figures,
      this.quality,
      this.union,
      this.coverage,
      this.ecmo,
      this.compared,
      this.behind,
      this.known,
    ])
      one.drop();
    clearTimeout(this.#timer);
  }

  get now(): number {
    return live.clock.known ? live.clock.second : Date.now();
  }

  /** Ask for another view; the address follows, so that "back" leads back. */
  ask(change: Partial<Asked>): void {
    this.asked = { ...this.asked, ...change };
    history.pushState(null, "", location.pathname + writeAsked(this.asked));
    void this.look();
  }

  /** Open what is behind a number: rows of a figure or of a fault. */
  openRows(change: Partial<Asked>): void {
    this.behind.forget();
    this.ask({ ...CLOSED, rows: "all", ...change });
  }

  /** Ask what a kept view asks. */
  go(query: string): void {
    this.ask(readAsked(query));
  }

  /** The address has changed by itself. */
  back(): void {
    this.asked = readAsked(location.search);
    void this.look();
  }

  async look(): Promise<void> {
    clearTimeout(this.#timer);
    const look = ++this.#looks;
    const { asked } = this;
    const open = this.#of(asked);
    const looked = [this.#answer(asked)];
    if (asked.rows !== "") looked.push(this.more(0));
    await Promise.all(looked);
    if (look !== this.#looks || !this.#going) return;
    const every = asked.tab === "coverage" ? COVERAGE_MS : EVERY_MS;
    this.#timer = setTimeout(() => void this.look(), open.failed === null ? every : SOON_MS);
  }

  /** The rows behind a number, from the first on, or those that follow what is shown. */
  async more(offset: number): Promise<void> {
    const { asked } = this;
    const shown = this.behind.value;
    await this.behind.ask(async () => {
      await this.#known();
      const found = await askBehind(asked, this.now, offset, this.versions);
      if (offset === 0 || shown === null) return found;
      return { ...found, rows: { ...found.rows, rows: [...shown.rows.rows, ...found.rows.rows] } };
    });
  }

  get hasMore(): boolean {
    const rows = this.behind.value?.rows;
    return rows !== undefined && rows.rows.length < rows.total && rows.rows.length % BEHIND === 0;
  }

  #of(asked: Asked): Asking<unknown> {
    switch (asked.tab) {
      case "figures":
        return this.figures;
      case "compare":
        return this.compared;
      case "union":
        return this.union;
      case "coverage":
        return this.coverage;
      case "quality":
        return this.quality;
      case "ecmo":
        return this.ecmo;
      case "schedules":
      case "definitions":
        return this.known;
    }
  }

  async #answer(asked: Asked): Promise<unknown> {
    const span = spanOf(asked, this.now);
    switch (asked.tab) {
      case "figures":
        return this.figures.ask(async () => {
          await this.#known();
          return askFigures(asked, span, this.versions);
        });
      case "compare": {
        const pair = pairOf(asked, this.now);
        if (pair === null) return this.compared.forget();
        return this.compared.ask(async () => {
          await this.#known();
          return askCompared(asked, pair);
        });
      }
      case "union":
        return this.union.ask(async () => {
          await this.#known();
          return askUnion(span);
        });
      case "coverage":
        return this.coverage.ask(async () => {
          await this.#known();
          return askCoverage(asked, span);
        });
      case "quality":
        return this.quality.ask(async () => {
          await this.#known();
          return askQuality(span);
        });
      case "ecmo":
        return this.ecmo.ask(() => {
          const query = { from: span.begins, until: span.until };
          return told(api.GET("/api/reports/ecmo", { params: { query } }));
        });
      case "schedules":
      case "definitions":
        return this.known.ask(() => this.#known());
    }
  }

  async #known(): Promise<void> {
    if (this.definitions !== null) return;
    const [definitions, { stations }, { features }] = await Promise.all([
      told(api.GET("/api/reports/definitions")),
      told(api.GET("/api/stations")),
      toldGeo<"ZonesOut">(api.GET("/api/zones")),
      // What complaints are called.
      cards.load(),
    ]);
    this.stations = new Map(stations.map((one) => [one.id, one]));
    const counties = features.filter((one) => one.properties.kind === "county");
    this.counties = new Map(
      counties.map(({ properties: { id, name_zh, name_en, name_ug, organisation }, geometry }) => [
        id,
        { id, names: { zh: name_zh, en: name_en, ug: name_ug }, organisation, shape: geometry as unknown as Geometry },
      ]),
    );
    this.definitions = definitions;
  }
}

export const reports = new Reports();
