import { expect, test } from "vitest";
import { bodyOf, sheetOf } from "./registration";

const said = (value: string) => [{ value, at: "2026-11-27T02:52:00Z", author_name: null }];
const known: Parameters<typeof sheetOf>[0] = {
  version: 3,
  sex: "male",
  age_years: 58,
  identity: [
    { kind: "name", said: said("张三") },
    { kind: "phone", said: [] },
  ],
  numbers: [],
};

test("what was right is not sent again, and what was emptied takes nothing away", () => {
  const sheet = sheetOf(known);
  expect(sheet).toMatchObject({ name: "张三", phone: "", age: "58", number: "" });
  expect(bodyOf(known, sheet)).toBeNull();
  const numbered = { ...sheet, number: " A1127-0317 ", name: " " };
  expect(bodyOf(known, numbered)).toEqual({
    version: 3,
    visit_number: "A1127-0317",
    name: "",
    id_number: "",
    phone: "",
    address: "",
    sex: null,
    age_years: null,
  });
});

test("corrections are sent, and no age that is none", () => {
  const sheet = { ...sheetOf(known), number: "7", phone: "13800001234", age: "59", sex: "female" as const };
  expect(bodyOf(known, sheet)).toMatchObject({ phone: "13800001234", age_years: 59, sex: "female", name: "" });
  for (const age of ["5.5", "-1", "131", "x"]) expect(bodyOf(known, { ...sheet, age })).toBeNull();
  expect(bodyOf(known, { ...sheet, age: "" })).toMatchObject({ age_years: null });
});
