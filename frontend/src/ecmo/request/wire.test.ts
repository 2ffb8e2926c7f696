import { expect, it } from "vitest";
import { bodyOf, valuesOf } from "./wire";

it("says only what changed, in the service's names", () => {
  expect(bodyOf({ ageYears: 46, phone: "0997", support: ["prone"], ward: null }, "hospital")).toEqual({
    origin: "hospital",
    age_years: 46,
    contact_phone: "0997",
    support: ["prone"],
    ward: null,
  });
});

it("enters values as they are, and takes back what is null", () => {
  expect(valuesOf({ ph: 7.19, optimised: true, pip: null })).toEqual([
    { item: "ph", value: 7.19 },
    { item: "optimised", value: true },
    { item: "pip", value: null },
  ]);
});
