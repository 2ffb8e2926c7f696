/**
 * The figures on the screen: asked whenever another view is asked for, and again every few seconds while the period is
 * not over. What is shown always belongs to what is asked; an answer that comes late to another question is thrown away.
 */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { live } from "../live/store.svelte";
import { courseOf, readAsked, spanOf, stepOf, whereOf, writeAsked, type Asked, type Span } from "./asked";
import type { Definition, Stat } from "./telling";

export interface Shown {
  asked: Asked;
  span: Span;
  figures: Schemas["ReportOut"];
  trend: Schemas["CourseOut"];
  bins: Schemas["DistributionOut"] | null;
  rows: Schemas["RowsOut"];
}

/** While the period is not over. */
const EVERY_MS = 15_000;
/** As the drawing has them, and in its order. */
export const CARDS = [
  "answer",
  "departure",
  "response",
  "response_capable",
  "unit_response",
  "no_unit",
  "fulfilment",
  "rescue_success",
] as const;
export const SPLIT = ["ground", "area_system", "same_area", "priority", "station"] as const;
const SLOWEST = 12;

class Reports {
  asked = $state.raw<Asked>(readAsked(""));
  definitions = $state.raw<Schemas["DefinitionsOut"] | null>(null);
  stations = $state.raw<ReadonlyMap<string, Schemas["StationOut"]>>(new Map());
  shown = $state.raw<Shown | null>(null);
  quality = $state.raw<Schemas["QualityOut"] | null>(null);
  busy = $state(false);
  /** Why nothing newer is shown: the code of a refusal, "" for no answer; null: nothing is wrong. */
  failed = $state<string | null>(null);
  #question = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #going = false;
  readonly newest: ReadonlyMap<string, Definition> = $derived(
    new Map((this.definitions?.kpis ?? []).map((one) => [one.id, one])),
  );

  start(): void {
    this.#going = true;
    this.asked = readAsked(location.search);
    void this.look();
  }

  stop(): void {
    this.#going = false;
    this.#question += 1;
    clearTimeout(this.#timer);
  }

  /** Ask for another view; the address follows, so that "back" leads back. */
  ask(change: Partial<Asked>): void {
    this.asked = { ...this.asked, ...change };
    history.pushState(null, "", location.pathname + writeAsked(this.asked));
    void this.look();
  }

  /** The address has changed by itself. */
  back(): void {
    this.asked = readAsked(location.search);
    void this.look();
  }

  async look(): Promise<void> {
    clearTimeout(this.#timer);
    const question = ++this.#question;
    const { asked } = this;
    this.busy = true;
    try {
      if (this.definitions === null) await this.#known();
      const span = spanOf(asked, live.clock.known ? live.clock.second : Date.now());
      const answer = asked.tab === "quality" ? await askQuality(span) : await this.#figures(asked, span);
      if (question !== this.#question) return;
      if ("findings" in answer) this.quality = answer;
      else this.shown = answer;
      this.failed = null;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      if (question !== this.#question) return;
      this.failed = error instanceof Refusal ? error.code : "";
    } finally {
      if (question === this.#question) this.#settled();
    }
  }

  #settled(): void {
    this.busy = false;
    if (this.#going) this.#timer = setTimeout(() => void this.look(), EVERY_MS);
  }

  async #known(): Promise<void> {
    const [definitions, { stations }] = await Promise.all([
      told(api.GET("/api/reports/definitions")),
      told(api.GET("/api/stations")),
    ]);
    this.definitions = definitions;
    this.stations = new Map(stations.map((one) => [one.id, one]));
  }

  async #figures(asked: Asked, span: Span): Promise<Shown> {
    const where = whereOf(asked);
    const definition = this.newest.get(asked.kpi);
    const period = { from: span.begins, until: span.until };
    const course = courseOf(span);
    const measure: Stat = definition?.kind === "share" ? "share" : "mean";
    const [figures, trend, bins, rows] = await Promise.all([
      told(
        api.GET("/api/reports/figures", {
          params: { query: { ...period, where, targets: asked.targets, by: [...SPLIT] } },
        }),
      ),
      told(
        api.GET("/api/reports/trend", {
          params: {
            query: { from: course.begins, until: course.until, where, kpi: asked.kpi, step: stepOf(course), measure },
          },
        }),
      ),
      definition?.kind === "interval"
        ? told(api.GET("/api/reports/distribution", { params: { query: { ...period, where, kpi: asked.kpi } } }))
        : null,
      told(api.GET("/api/reports/rows", { params: { query: { ...period, where, kpi: asked.kpi, limit: SLOWEST } } })),
    ]);
    return { asked, span, figures, trend, bins, rows };
  }
}

async function askQuality(span: Span): Promise<Schemas["QualityOut"]> {
  return told(api.GET("/api/reports/quality", { params: { query: { from: span.begins, until: span.until } } }));
}

export const reports = new Reports();
