import { expect, it } from "vitest";
import { INDICATIONS, indicationsFor, needsOf, phoneOf, wholeOf } from "./form";

const DRAFT = { mode: "vv", hospitalId: "h", incidentId: null, indication: "asthma", phone: "0997" };

it("asks for what decides before centres are asked", () => {
  expect(needsOf(DRAFT, 1)).toEqual([]);
  expect(needsOf({ mode: null, hospitalId: null, incidentId: null, indication: null, phone: " " }, 0)).toEqual([
    "mode",
    "place",
    "indication",
    "contact",
    "centres",
  ]);
});

it("lets an arrest wait for neither telephone nor indication", () => {
  const arrest = { mode: "ecpr", hospitalId: null, incidentId: "i", indication: null, phone: "" };
  expect(needsOf(arrest, 1)).toEqual([]);
});

it("puts what a mode is usually asked for first and hides none", () => {
  expect(indicationsFor("ecpr")[0]).toBe("cardiac_arrest");
  expect(indicationsFor("va")[0]).toBe("cardiogenic_shock");
  for (const mode of ["vv", "va", "ecpr", null])
    expect(indicationsFor(mode).toSorted()).toEqual(INDICATIONS.toSorted());
});

it("reads whole numbers within their ends", () => {
  expect([wholeOf("46", 0, 130), wholeOf("131", 0, 130), wholeOf("4.5", 0, 130), wholeOf("", 0, 130)]).toEqual([
    46,
    null,
    null,
    null,
  ]);
});

it("takes a telephone number however it is parted", () => {
  expect(["0997-212 3456", "+86 138", "12", "call me", ""].map(phoneOf)).toEqual([
    "09972123456",
    "+86138",
    null,
    null,
    null,
  ]);
});
