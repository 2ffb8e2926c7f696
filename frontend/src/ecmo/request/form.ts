/** What is typed into a request, and what it still lacks before centres can be asked. Pure. */

export const MODES = ["vv", "va", "ecpr"] as const;
export type Mode = (typeof MODES)[number];
export const WARDS = ["icu", "emergency", "theatre", "cath_lab", "ward", "scene", "ambulance"] as const;
export const INDICATIONS = [
  "viral_pneumonia",
  "bacterial_pneumonia",
  "aspiration",
  "asthma",
  "trauma_or_burn",
  "other_respiratory",
  "cardiogenic_shock",
  "myocarditis",
  "pulmonary_embolism",
  "vt_vf_storm",
  "intoxication",
  "hypothermia",
  "cardiac_arrest",
  "other",
] as const;
export const SUPPORTS = [
  "oxygen",
  "high_flow",
  "non_invasive",
  "ventilated",
  "prone",
  "vasopressors",
  "inotropes",
  "balloon_pump",
  "renal_replacement",
  "compressions",
  "ecmo",
] as const;

const LUNGS: ReadonlySet<string> = new Set(INDICATIONS.slice(0, 6));
/** Indications that the mode is usually asked for stand first; none is hidden. */
export function indicationsFor(mode: string | null): string[] {
  const first = (one: string): boolean =>
    mode === "vv" ? LUNGS.has(one) : mode === "ecpr" ? one === "cardiac_arrest" : mode === "va" && !LUNGS.has(one);
  return [...INDICATIONS.filter(first), ...INDICATIONS.filter((one) => !first(one))];
}

export interface Draft {
  mode: string | null;
  hospitalId: string | null;
  incidentId: string | null;
  indication: string | null;
  phone: string;
}
export type Need = "mode" | "place" | "indication" | "contact" | "centres";

/** What is asked for before it is sent. An arrest waits for no telephone number and no indication. */
export function needsOf(draft: Draft, centres: number): Need[] {
  const arrest = draft.mode === "ecpr";
  const needs: [Need, boolean][] = [
    ["mode", draft.mode === null],
    ["place", draft.hospitalId === null && draft.incidentId === null],
    ["indication", !arrest && draft.indication === null],
    ["contact", !arrest && draft.phone.trim() === ""],
    ["centres", centres === 0],
  ];
  return needs.filter(([, lacks]) => lacks).map(([need]) => need);
}

/** A whole number as it is typed, within its ends; null: none. */
export function wholeOf(typed: string, low: number, high: number): number | null {
  const value = Number(typed.trim());
  return typed.trim() !== "" && Number.isInteger(value) && value >= low && value <= high ? value : null;
}

/** A telephone number as the service takes it, without what parts it; null: it is none, or not finished. */
export function phoneOf(typed: string): string | null {
  const plain = typed.replace(/[\s()-]/g, "");
  return /^\+?[0-9*#]{3,39}$/.test(plain) ? plain : null;
}
