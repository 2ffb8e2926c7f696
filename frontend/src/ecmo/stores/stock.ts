/** Kit as it is listed and typed: by hospital and kind, what needs a look, and what a new piece needs. Pure. */

import type { Schemas } from "../../client/api";
import { readIn } from "../../format/time";
import { numberOr } from "../mission/typed";
import { KINDS, type KitKind, type Piece } from "../team/staffing";

export interface PlaceStock {
  hospitalId: string;
  count: number;
  /** Those that can be counted on, or are in a mission. */
  good: number;
  kinds: readonly { kind: KitKind; pieces: readonly Piece[] }[];
}

/** What is wrong with the piece itself; that a mission has it is nothing wrong. */
export function wrongWith(one: Pick<Piece, "problems">): Piece["problems"] {
  return one.problems.filter((problem) => problem !== "booked");
}

export function needsLook(one: Pick<Piece, "problems" | "expires_soon">): boolean {
  return one.expires_soon || wrongWith(one).length > 0;
}

/** By hospital, in the given order and then as they come; within, by kind and code. */
export function stockOf(kit: readonly Piece[], order: readonly string[]): PlaceStock[] {
  const places = [...new Set(kit.map(({ hospital_id }) => hospital_id))];
  const rank = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return places
    .sort((one, other) => rank(one) - rank(other))
    .map((hospitalId) => {
      const here = kit.filter(({ hospital_id }) => hospital_id === hospitalId);
      return {
        hospitalId,
        count: here.length,
        good: here.filter((one) => wrongWith(one).length === 0).length,
        kinds: KINDS.map((kind) => ({ kind, pieces: here.filter((one) => one.kind === kind) })).filter(
          ({ pieces }) => pieces.length > 0,
        ),
      };
    });
}

export interface Summary {
  all: number;
  good: number;
  booked: number;
  expired: number;
  soon: number;
  unchecked: number;
}

export function summaryOf(kit: readonly Piece[]): Summary {
  const count = (is: (one: Piece) => boolean): number => kit.filter(is).length;
  return {
    all: kit.length,
    good: count(({ problems }) => problems.length === 0),
    booked: count(({ mission_id }) => mission_id !== null),
    expired: count(({ problems }) => problems.includes("expired")),
    soon: count(({ expires_soon }) => expires_soon),
    unchecked: count(({ problems }) => problems.includes("unchecked")),
  };
}

/** Fields beside code, place and size that a piece of a kind has. */
export function fieldsOf(kind: KitKind): readonly ("expires" | "water" | "capacity")[] {
  if (kind === "cylinder") return ["water"];
  if (kind === "battery") return ["capacity"];
  return kind === "circuit" || kind === "cannula" || kind === "blood" ? ["expires"] : [];
}

export interface KitTyped {
  code: string;
  kind: KitKind;
  hospitalId: string;
  size: string;
  /** 2027-03-31: it can be used to the end of that day. */
  expires: string;
  water: string;
  capacity: string;
}
export type KitField = "code" | "hospital" | "expires" | "water" | "capacity";

const MOST_WATER_L = 100;
const MOST_WH = 20_000;

/** A number above nothing, as the service takes it. */
function amount(typed: string, most: number): number | null {
  const value = numberOr(typed, 0, most);
  return typeof value === "number" && value > 0 ? value : null;
}

/** What goes to the service; or the fields that hold it up. */
export function kitBody(typed: KitTyped): { body: Schemas["EcmoKitIn"] | null; wrong: readonly KitField[] } {
  const needs = fieldsOf(typed.kind);
  const water = amount(typed.water, MOST_WATER_L);
  const capacity = amount(typed.capacity, MOST_WH);
  const expires = typed.expires === "" ? null : readIn(`${typed.expires}T23:59:59`, "beijing");
  const wrong: KitField[] = [];
  if (typed.code.trim() === "") wrong.push("code");
  if (typed.hospitalId === "") wrong.push("hospital");
  if (needs.includes("expires") && expires === null) wrong.push("expires");
  if (needs.includes("water") && water === null) wrong.push("water");
  if (needs.includes("capacity") && capacity === null) wrong.push("capacity");
  if (wrong.length > 0) return { body: null, wrong };
  const body: Schemas["EcmoKitIn"] = {
    code: typed.code.trim(),
    kind: typed.kind,
    hospital_id: typed.hospitalId,
    size: typed.size.trim(),
  };
  if (needs.includes("expires") && expires !== null) body.expires_at = new Date(expires).toISOString();
  if (needs.includes("water")) body.water_l = water;
  if (needs.includes("capacity")) body.capacity_wh = capacity;
  return { body, wrong };
}

/** The field that a refusal is about; null: the piece as a whole. */
export function kitFieldOf(code: string, kind: KitKind): KitField | null {
  if (code === "ecmo_kit.code") return "code";
  if (code === "hospital.not_found") return "hospital";
  if (code !== "ecmo_kit.size") return null;
  return fieldsOf(kind).find((one) => one !== "expires") ?? null;
}

/** The code of the next one of its kind: O2-9 leads to O2-10. One without a number has none. */
export function nextCode(code: string): string {
  const found = /^(.*?)(\d+)$/.exec(code.trim());
  if (found === null) return "";
  const [, name = "", number = ""] = found;
  return name + String(Number(number) + 1).padStart(number.length, "0");
}
