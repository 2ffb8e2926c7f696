/** A command line of unit, verb and incident in any order, Chinese or Latin: `派 阿-07 23`, `send A7 23`, `23派阿7`. */

import { spoken } from "../format/measures";
import type { IncidentRow, UnitRow, UnitStatus } from "../live/rows";
import { initialOf } from "./initials";

export type Verb = { kind: "send" } | { kind: "open" } | { kind: "undo" } | { kind: "status"; status: UnitStatus };

const VERBS: readonly [readonly string[], Verb][] = [
  [["派", "派车", "send", "s"], { kind: "send" }],
  [["看", "查看", "open", "o"], { kind: "open" }],
  [["撤", "撤销", "undo"], { kind: "undo" }],
  [["赶赴", "出车", "enroute", "roll"], { kind: "status", status: "en_route" }],
  [["现场", "到场", "scene"], { kind: "status", status: "on_scene" }],
  [["接诊", "patient"], { kind: "status", status: "at_patient" }],
  [["转运", "transport"], { kind: "status", status: "transporting" }],
  [["到院", "hospital"], { kind: "status", status: "at_hospital" }],
  [["返站", "returning"], { kind: "status", status: "returning_available" }],
  [["待命", "在站", "station"], { kind: "status", status: "at_station" }],
];
const WORDS: ReadonlyMap<string, Verb> = new Map(VERBS.flatMap(([words, verb]) => words.map((word) => [word, verb])));
/** Longest first, so that 派车 is not read as 派. */
const CHINESE = [...WORDS.keys()].filter((word) => /\p{Script=Han}/u.test(word)).sort((a, b) => b.length - a.length);

export interface Known {
  units: readonly Pick<UnitRow, "id" | "call_sign">[];
  incidents: readonly Pick<IncidentRow, "id" | "number">[];
}

export interface Parsed {
  verb: Verb | null;
  /** All units that the words may mean: two stations may share an initial. */
  unitIds: readonly string[];
  incidentId: string | null;
  /** Words that mean nothing here. */
  unknown: readonly string[];
}

export function parse(text: string, known: Known): Parsed {
  const made = { verb: null as Verb | null, unitIds: [] as readonly string[], incidentId: null as string | null };
  const unknown: string[] = [];
  for (const word of words(text, known)) {
    const verb = WORDS.get(word.toLowerCase());
    const units = verb ? [] : unitsNamed(word, known);
    const incident = verb || units.length > 0 ? undefined : incidentNamed(word, known);
    if (verb && made.verb === null) made.verb = verb;
    else if (units.length > 0 && made.unitIds.length === 0) made.unitIds = units;
    else if (incident !== undefined && made.incidentId === null) made.incidentId = incident;
    else unknown.push(word);
  }
  return { ...made, unknown };
}

/** 阿-07, 阿07, 阿7 and A7 are one unit. */
export function unitsNamed(word: string, known: Known): string[] {
  const wanted = plain(word);
  const exact = known.units.filter((unit) => plain(unit.call_sign) === wanted);
  const found = exact.length > 0 ? exact : known.units.filter((unit) => latin(unit.call_sign) === wanted);
  return found.map((unit) => unit.id);
}

function incidentNamed(word: string, known: Known): string | undefined {
  const wanted = word.replace(/^#/, "");
  const found = known.incidents.find(({ number }) => number === wanted || spoken(number) === wanted.padStart(2, "0"));
  return found?.id;
}

/** Words are apart by spaces; a Chinese verb may stand directly beside the others. */
function words(text: string, known: Known): string[] {
  return text
    .trim()
    .split(/\s+/)
    .filter((part) => part !== "")
    .flatMap((part) => {
      if (WORDS.has(part.toLowerCase()) || unitsNamed(part, known).length > 0) return [part];
      const verb = CHINESE.find((word) => part.includes(word));
      return verb === undefined ? [part] : apart(part, verb);
    });
}

function apart(part: string, verb: string): string[] {
  const at = part.indexOf(verb);
  return [part.slice(0, at), verb, part.slice(at + verb.length)].filter((piece) => piece !== "");
}

function plain(callSign: string): string {
  return callSign
    .toLowerCase()
    .replace(/[\s\-–—]/g, "")
    .replace(/(?<!\d)0+(?=\d)/g, "");
}

function latin(callSign: string): string {
  return [...plain(callSign)].map(initialOf).join("");
}
