/** From what the service tells of a case to what the page shows of it. Pure. */

import type { Schemas } from "../../client/api";
import { moment } from "../../format/time";
import { namesOf } from "../forms.svelte";
import type { Entered, ScoreShown } from "../request/assessed";
import { numberWords } from "../request/entering";
import type { WayShown } from "../request/lowFlow";
import type { Assessment, CalledShown, Names, OfferShown } from "./shape";
import type { Said } from "./talk";

type Told = Schemas["CaseOut"];
type AssessmentTold = NonNullable<Told["assessment"]>;
type ScoreTold = AssessmentTold["scores"][number];
type RuleTold = AssessmentTold["rules"][number];
type OfferTold = Told["offers"][number];
type FileTold = Told["files"][number];
type WaysTold = Schemas["WaysOut"];

export interface FileShown {
  id: string;
  kind: FileTold["kind"];
  url: string;
  clip: boolean;
  atMs: number;
}

export interface Head {
  number: string;
  name: string | null;
  sex: Told["patient"]["sex"];
  ageYears: number | null;
  heightCm: number | null;
  weightKg: number | null;
  indication: string | null;
  place: Names | null;
  ward: string | null;
  requester: string;
  phone: string | null;
  mode: string | null;
}

export interface CaseShown {
  state: Told["request"]["state"];
  mode: Told["request"]["mode"];
  /** The hospital where the patient is. */
  originId: string | null;
  /** A circuit runs already. */
  onCircuit: boolean;
  head: Head;
  missionId: string | null;
  /** Whoever looks coordinates: chooses plans, staffs, books. */
  mayCoordinate: boolean;
  /** Whoever looks is a physician of a centre here. */
  mayAssess: boolean;
  askedAt: number | null;
  decidedAt: number | null;
  remindAt: number | null;
  targetAt: number | null;
  offers: readonly OfferShown[];
  called: readonly CalledShown[];
  values: ReadonlyMap<string, Entered>;
  /** What was so before, of each item the newest first. */
  earlier: ReadonlyMap<string, readonly Entered[]>;
  reckoned: readonly { group: string; name: string; text: string; unit: string }[];
  judged: Assessment | null;
  messages: readonly Said[];
  files: readonly FileShown[];
  /** May ask further centres, or take the request back. */
  mayWrite: boolean;
  /** May enter values: either side, as long as the case goes on. */
  mayEnter: boolean;
  mayBind: boolean;
  mayDecide: boolean;
}

const DECIDABLE: ReadonlySet<string> = new Set(["asked", "accepted", "advised", "declined", "unanswered"]);

export function shownOf(
  one: Told,
  ways: WaysTold | null,
  held: readonly Pick<Said, "id" | "kind" | "words" | "atMs">[],
): CaseShown {
  const { request, patient } = one;
  const there = new Set(one.messages.map(({ id }) => id));
  return {
    state: request.state,
    mode: request.mode,
    originId: request.hospital?.id ?? null,
    onCircuit: one.support.includes("ecmo"),
    head: {
      number: request.number ?? "—",
      name: patient.name || null,
      sex: patient.sex,
      ageYears: patient.age_years,
      heightCm: patient.height_cm,
      weightKg: patient.weight_kg,
      indication: request.indication,
      place: request.hospital === null ? null : namesOf(request.hospital),
      ward: one.ward,
      requester: one.asked_by_name ?? one.created_by_name ?? "—",
      phone: one.contact_phone || null,
      mode: request.mode,
    },
    missionId: request.mission_id,
    mayCoordinate: one.may.side === "coordinator",
    mayAssess: one.may.assess.length > 0,
    askedAt: moment(request.asked_at),
    decidedAt: moment(request.decided_at),
    remindAt: moment(request.remind_at),
    targetAt: moment(request.target_at),
    offers: one.offers.map((offer) => offerOf(offer, one.may.assess)),
    called: one.offers.flatMap(calledOf),
    values: newestOf(one.values),
    earlier: earlierOf(one.values),
    reckoned: reckonedOf(one.assessment),
    judged: one.assessment === null ? null : assessmentOf(one.assessment, ways),
    messages: [
      ...one.messages.map(saidOf),
      ...held
        .filter(({ id }) => !there.has(id))
        .map((own) => ({ ...own, side: one.may.side, author: "", mine: true, reads: [], held: true })),
    ],
    files: filesOf(one),
    mayWrite: one.may.change && DECIDABLE.has(request.state),
    mayEnter:
      (one.may.change || one.may.side === "coordinator" || one.may.assess.length > 0) &&
      (DECIDABLE.has(request.state) || request.state === "bound"),
    mayBind: one.may.bind,
    mayDecide: DECIDABLE.has(request.state),
  };
}

/** Pictures and clips that are whole. */
export function filesOf({ request, files }: Pick<Told, "request" | "files">): FileShown[] {
  return files
    .filter(({ whole, erased }) => whole && !erased)
    .map(({ id, kind, form, at }) => ({
      id,
      kind,
      url: `/api/ecmo/requests/${request.id}/files/${id}`,
      clip: form === "mp4",
      atMs: Date.parse(at),
    }));
}

function offerOf(one: OfferTold, mine: readonly string[]): OfferShown {
  const newest = one.decisions.at(-1);
  return {
    id: one.id,
    hospitalId: one.hospital.id,
    names: namesOf(one.hospital),
    outside: one.hospital.is_outside,
    state: one.state,
    version: one.version,
    askedAt: moment(one.asked_at),
    escalatesAt: moment(one.escalates_at),
    dueAt: moment(one.due_at),
    seenAt: moment(one.seen_at),
    seenBy: one.seen_by_name,
    decidedAt: moment(one.decided_at),
    decidedBy: one.decided_by_name,
    cannulationAt: moment(one.cannulation_at),
    boundAt: moment(one.bound_at),
    boundBy: one.bound_by_name,
    reason: newest?.reason ?? null,
    words: newest?.words ?? null,
    conditions: (newest?.conditions ?? []).map((each) => ({
      id: each.id,
      words: each.words ?? "—",
      tickedBy: each.ticked_by_name,
      tickedAt: moment(each.ticked_at),
    })),
    mine: mine.includes(one.hospital.id),
  };
}

function calledOf(one: OfferTold): CalledShown[] {
  return one.called.map((each) => ({
    id: `${one.id} ${each.person_id} ${each.raised_at}`,
    name: each.name ?? "—",
    centre: namesOf(one.hospital),
    place: each.place,
    raisedAt: Date.parse(each.raised_at),
    seenAt: moment(each.seen_at),
    escalatedAt: moment(each.escalated_at),
    endedAt: moment(each.ended_at),
    escalatesAt: moment(one.escalates_at),
  }));
}

/** The newest of each item counts; a mistake takes back what was there. */
export function newestOf(values: readonly Told["values"][number][]): ReadonlyMap<string, Entered> {
  const found = new Map<string, Entered>();
  for (const { item, value, at } of values) {
    if (value === null) found.delete(item);
    else found.set(item, { value, atMs: Date.parse(at) });
  }
  return found;
}

/** Of each item what counted before its newest value, the newest of it first; what was taken back was never so. */
export function earlierOf(values: readonly Told["values"][number][]): ReadonlyMap<string, readonly Entered[]> {
  const found = new Map<string, Entered[]>();
  for (const { item, value, at } of values) {
    const before = found.get(item) ?? [];
    if (value === null) before.shift();
    else before.unshift({ value, atMs: Date.parse(at) });
    found.set(item, before);
  }
  return new Map([...found].map(([item, all]) => [item, all.slice(1)]));
}

function reckonedOf(one: AssessmentTold | null): CaseShown["reckoned"] {
  const found = [];
  if (one?.pf_ratio != null) {
    const { low, high } = one.pf_ratio;
    const text = low === high ? numberWords(Math.round(low)) : `${Math.round(low)}～${Math.round(high)}`;
    found.push({ group: "gas", name: "pf_ratio", text, unit: "mmHg" });
  }
  return found;
}

function assessmentOf(one: AssessmentTold, ways: WaysTold | null): Assessment {
  const sources = new Map(one.rules.map((rule) => [rule.name, rule]));
  const scored = one.scores.filter((score) => score.not_scored === null && score.points.some(({ known }) => known));
  const fastest = ways === null ? [] : waysOf(ways);
  return {
    mode: one.mode,
    advice: one.advice,
    direct: one.direct,
    criteria: one.criteria.map(({ id, weight, standing }) => ({ name: id, weight, standing })),
    criteriaSource: sources.get("criteria")?.source ?? "",
    signedOff: one.rules.every((rule) => !rule.needs_sign_off),
    scores: scored.map((score) => scoreOf(score, sources.get(score.name))),
    notScored: one.scores.flatMap(({ name, not_scored }) => (not_scored === null ? [] : [{ name, why: not_scored }])),
    ways: fastest,
    limitMin: ways?.limit_min ?? 0,
    missing: new Set(one.missing),
  };
}

function scoreOf(one: ScoreTold, rule: RuleTold | undefined): ScoreShown {
  return {
    name: one.name,
    low: one.low ?? 0,
    high: one.high ?? 0,
    complete: one.complete,
    mean: one.mean,
    constant: one.constant,
    least: one.least,
    most: one.most,
    classes: one.classes,
    items: one.points.map(({ item, low, high, known }) => ({ name: item, missing: !known, low, high })),
    source: rule?.source ?? "",
  };
}

/** Both ways of the centre whose slow end is the soonest on either of them. */
export function waysOf({ centres }: WaysTold): WayShown[] {
  const slow = ({ to_cannulator, to_patient }: WaysTold["centres"][number]): number =>
    Math.min(...[to_cannulator, to_patient].map((way) => way.to_circuit?.high ?? Number.POSITIVE_INFINITY));
  const best = [...centres].sort((a, b) => slow(a) - slow(b))[0];
  if (best === undefined) return [];
  return [
    { name: "to_cannulator", ...best.to_cannulator },
    { name: "to_patient", ...best.to_patient },
  ];
}

function saidOf(one: Told["messages"][number]): Said {
  return {
    id: one.id,
    kind: one.kind,
    side: one.side,
    author: one.author_name ?? one.organisation,
    mine: one.mine,
    atMs: Date.parse(one.at),
    words: one.words,
    reads: one.reads.map((read) => ({ name: read.name ?? read.organisation, atMs: Date.parse(read.at) })),
    held: false,
  };
}
