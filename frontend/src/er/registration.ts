/** What is written on a registration's form, and what of it is a correction. Pure. */

import type { Schemas } from "../client/api";

export const NAMED = ["name", "id_number", "phone", "address"] as const;
export type Named = (typeof NAMED)[number];
export type Sheet = Record<Named, string> & { sex: Schemas["Sex"]; age: string; number: string };

type Known = Pick<Schemas["RegistrationOut"], "version" | "sex" | "age_years" | "identity" | "numbers">;

export const valueOf = (known: Pick<Known, "identity">, kind: Named): string =>
  known.identity.find((one) => one.kind === kind)?.said[0]?.value ?? "";

export function sheetOf(known: Known): Sheet {
  const [name, id_number, phone, address] = NAMED.map((kind) => valueOf(known, kind)) as [
    string,
    string,
    string,
    string,
  ];
  const age = known.age_years === null ? "" : String(known.age_years);
  return { name, id_number, phone, address, sex: known.sex, age, number: known.numbers[0]?.value ?? "" };
}

/** Null: it cannot be sent so. What was emptied stays as it was: nothing is taken away here. */
export function bodyOf(known: Known, sheet: Sheet): Schemas["RegistrationIn"] | null {
  const number = sheet.number.trim();
  const age = sheet.age.trim() === "" ? known.age_years : Number(sheet.age);
  if (!/\d/.test(number) || (age !== null && !(Number.isInteger(age) && age >= 0 && age <= 130))) return null;
  const changed = (kind: Named): string => {
    const value = sheet[kind].trim();
    return value === valueOf(known, kind) ? "" : value;
  };
  return {
    version: known.version,
    visit_number: number,
    name: changed("name"),
    id_number: changed("id_number"),
    phone: changed("phone"),
    address: changed("address"),
    sex: sheet.sex === known.sex ? null : sheet.sex,
    age_years: age === known.age_years ? null : age,
  };
}
