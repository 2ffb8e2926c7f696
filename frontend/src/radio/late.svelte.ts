/**
 * Late entry from paper: each step tells one thing to the service with its true time. A refusal stops there; what was
 * done stays done, what was typed stays typed, and the next try goes on from the step that was refused.
 */

import { api, NoAnswer, Refusal, told } from "../client/api";
import { date } from "../format/time";
import { i18n } from "../i18n/index.svelte";
import { refusalWords } from "../i18n/refusals";
import { live } from "../live/store.svelte";
import { emptyForm, POINTS, read, STATUS_OF, stepsOf } from "./steps";
import type { LateForm, Moments, PointName, Standing, StepName, TimeName } from "./steps";

/** `words` of a refusal are the service's own; "" when no answer came. */
export type Became = { kind: "done" | "kept" } | { kind: "refused" | "unanswered"; words: string };

const SOURCE = { source: "paper" } as const;

class Late {
  form = $state.raw<LateForm>(emptyForm(""));
  became = $state.raw<Readonly<Partial<Record<StepName, Became>>>>({});
  going = $state<StepName | null>(null);
  incidentId = $state<string | null>(null);
  incidentNumber = $state("");
  /** The incident was there before: only its vehicles and a note are added. */
  onIncident = $state(false);
  #callId: string | null = null;
  #assignmentId = $state<string | null>(null);
  #keys: Partial<Record<StepName, string>> = {};

  readonly standing: Standing = $derived({
    incidentId: this.onIncident ? this.incidentId : null,
    assigned:
      this.became.T3 === undefined &&
      this.became.run === undefined &&
      (this.#assignmentId ?? this.#standingRun()) !== null,
  });
  readonly read: ReturnType<typeof read> = $derived(read(this.form, this.standing, live.clock.second));
  readonly steps: readonly StepName[] = $derived(stepsOf(this.form, this.read.moments, this.standing));
  readonly begun: boolean = $derived(Object.keys(this.became).length > 0);
  readonly remaining: readonly StepName[] = $derived(this.steps.filter((step) => !this.settled(step)));

  /** A fresh form; of an incident that stands, or of a new one. What was typed and is not all told stays. */
  begin(incident: { id: string; number: string } | null): void {
    const { day, zone } = this.form;
    const typed = JSON.stringify(this.form) !== JSON.stringify(emptyForm(day, zone));
    if (typed && !(this.begun && this.remaining.length === 0)) return;
    this.clear();
    this.onIncident = incident !== null;
    this.incidentId = incident?.id ?? null;
    this.incidentNumber = incident?.number ?? "";
  }

  /** The next blank: nothing of the last one is left. */
  clear(): void {
    this.form = emptyForm(live.clock.known ? date(live.clock.second, this.form.zone) : "", this.form.zone);
    Object.assign(this, { became: {}, going: null, incidentId: null, incidentNumber: "", onIncident: false });
    this.#callId = this.#assignmentId = null;
    this.#keys = {};
  }

  change(change: Partial<LateForm>): void {
    this.form = { ...this.form, ...change };
  }

  time(name: TimeName, typed: string): void {
    this.change({ times: { ...this.form.times, [name]: typed } });
  }

  settled(step: StepName): boolean {
    const kind = this.became[step]?.kind;
    return kind === "done" || kind === "kept";
  }

  /** Go on with what remains, in order, until something is refused. */
  async run(): Promise<void> {
    if (this.going !== null || live.lost || this.read.faults.length > 0) return;
    const { form } = this;
    const { moments } = this.read;
    this.#assignmentId ??= this.#standingRun();
    for (const step of this.remaining) {
      this.going = step;
      try {
        const kind = await this.#tell(step, form, moments);
        this.became = { ...this.became, [step]: { kind } };
      } catch (error) {
        if (error instanceof Refusal) {
          // Told anew after a change it is another request.
          this.#keys = { ...this.#keys, [step]: undefined };
          this.became = { ...this.became, [step]: { kind: "refused", words: refusalWords(error.code, error.status) } };
        } else if (error instanceof NoAnswer) {
          this.became = { ...this.became, [step]: { kind: "unanswered", words: "" } };
        } else throw error;
        return;
      } finally {
        this.going = null;
      }
    }
  }

  async #tell(step: StepName, form: LateForm, moments: Moments): Promise<"done" | "kept"> {
    const header = { "idempotency-key": (this.#keys[step] ??= crypto.randomUUID()) };
    const at = (name: TimeName): { at: string; source: "paper" } => ({
      at: new Date(moments[name] ?? 0).toISOString(),
      ...SOURCE,
    });
    const incident_id = this.incidentId ?? "";
    switch (step) {
      case "call": {
        const answered_at = moments.T1 === undefined ? null : at("T1").at;
        const body = { ...at("T0"), answered_at, phone: form.phone.trim(), caller: form.caller.trim() };
        this.#callId = (await told(api.POST("/api/calls", { params: { header }, body }))).id;
        return "done";
      }
      case "incident": {
        const incident = await told(api.POST("/api/incidents", { params: { header }, body: this.#incident(at) }));
        this.incidentId = incident.id;
        this.incidentNumber = incident.number;
        return "done";
      }
      case "ended": {
        const params = { path: { call_id: this.#callId ?? "" } };
        await told(api.POST("/api/calls/{call_id}/end", { params, body: at("ended") }));
        return "done";
      }
      case "T3": {
        const params = { path: { incident_id }, header };
        const body = {
          unit_id: form.unitId,
          ...at("T3"),
          ...(form.agreed && { reason: "agreed_with_owner" as const }),
        };
        this.#assignmentId = (await told(api.POST("/api/incidents/{incident_id}/assignments", { params, body }))).id;
        return "done";
      }
      case "run": {
        const params = { path: { incident_id }, header };
        const times = POINTS.filter((point) => moments[point] !== undefined).map((point) => ({
          point,
          at: at(point).at,
        }));
        const patients = form.outcome === "" ? [] : [{ outcome: this.#outcome(form) }];
        const body = { unit_id: form.unitId, times, patients };
        this.#assignmentId = (await told(api.POST("/api/incidents/{incident_id}/paper-runs", { params, body }))).id;
        return "done";
      }
      case "patient": {
        const params = { path: { incident_id }, header };
        const found = (["T7", "T6", "T3", "T0"] as const).find((name) => moments[name] !== undefined);
        const when = found === undefined ? {} : at(found);
        await told(
          api.POST("/api/incidents/{incident_id}/patients", {
            params,
            body: { ...when, outcome: this.#outcome(form) },
          }),
        );
        return "done";
      }
      case "close": {
        const params = { path: { incident_id } };
        await told(api.POST("/api/incidents/{incident_id}/close", { params, body: at("T11") }));
        return "done";
      }
      case "note": {
        const said = Object.keys(moments)[0] as TimeName | undefined;
        const told_at = said === undefined ? {} : at(said);
        const params = { path: { incident_id }, header };
        await told(
          api.POST("/api/incidents/{incident_id}/notes", { params, body: { ...told_at, text: this.#words() } }),
        );
        return "done";
      }
      case "T4":
      case "T10": {
        const params = { path: { assignment_id: this.#run() } };
        await told(api.POST("/api/assignments/{assignment_id}/times", { params, body: { point: step, ...at(step) } }));
        return "done";
      }
      default:
        return this.#status(step, form, at(step), header["idempotency-key"]);
    }
  }

  /** A status; the unit's own device may have moved it on before, then it is kept as a time of the run. */
  async #status(
    step: PointName,
    form: LateForm,
    when: { at: string; source: "paper" },
    report_id: string,
  ): Promise<"done" | "kept"> {
    const status = STATUS_OF[step];
    if (status === undefined) throw new TypeError(step);
    // Back at the station after it was free is said of the vehicle: the run is over.
    const over = step === "T12" && this.settled("T11");
    const outcome = await told(
      api.POST("/api/fleet/{unit_id}/status", {
        params: { path: { unit_id: form.unitId } },
        body: { status, ...when, report_id, run_id: over ? null : this.#run() },
      }),
    );
    const { effect, refused } = outcome;
    if (effect === "applied" || effect === "repeated") return "done";
    if (effect === "late") return "kept";
    throw new Refusal(200, {
      type: "about:blank",
      title: "",
      status: 200,
      detail: refused?.detail ?? "",
      instance: "",
      code: refused?.code ?? "assignment.over",
      hint: "",
      errors: [],
    });
  }

  #incident(at: (name: TimeName) => { at: string; source: "paper" }) {
    const { form } = this;
    const words = form.place.trim();
    return {
      ...at(this.read.moments.T2 === undefined ? "T0" : "T2"),
      priority: form.priority || ("P1" as const),
      complaint: form.card.trim().toUpperCase(),
      place: words === "" ? null : { words, source: "typed" as const },
      note: this.#words(),
      call_id: this.#callId,
    };
  }

  #outcome(form: LateForm) {
    const outcome = form.outcome || ("not_found" as const);
    return {
      outcome,
      ...(outcome === "transported" && { destination_id: form.hospitalId }),
      ...(outcome === "refused" && { proof: "signature" as const }),
    };
  }

  #words(): string {
    return [i18n.t.radio.noteOf(this.form.blank.trim()), this.form.words.trim()].filter(Boolean).join("\n");
  }

  #run(): string {
    return this.#assignmentId ?? "";
  }

  /** The run of the chosen unit for this incident, where its order is in the record already. */
  #standingRun(): string | null {
    if (this.incidentId === null || this.form.unitId === "" || !this.onIncident) return null;
    const { incidentId, form } = this;
    const found = live.assignments.all.find((row) => row.incident_id === incidentId && row.unit_id === form.unitId);
    return found?.id ?? null;
  }
}

export const late = new Late();
