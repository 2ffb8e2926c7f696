import { expect, it } from "vitest";
import { ageOf, EMPTY, formOf, needOf, outcomeOf, type PatientForm, type PatientRow } from "./patientForm";

const form = (change: Partial<PatientForm>): PatientForm => ({ ...EMPTY, ...change });
const known = (change: Partial<PatientRow> = {}): PatientRow =>
  ({ sex: "male", age_years: 58, outcome: null, ...change }) as PatientRow;

it("asks for what an outcome needs, and for nothing else", () => {
  const needs = (change: Partial<PatientForm>) => needOf(form(change), known());
  expect(needs({})).toBe("outcome");
  expect(needs({ outcome: "transported" })).toBe("destination");
  expect(needs({ outcome: "transported", destination: "elsewhere", destinationWords: "  " })).toBe("destination");
  expect(needs({ outcome: "transported", destination: "h1" })).toBeNull();
  expect(needs({ outcome: "refused" })).toBe("proof");
  expect(needs({ outcome: "refused", proof: "witness" })).toBe("witness");
  expect(needs({ outcome: "refused", proof: "signature" })).toBeNull();
  expect(needs({ outcome: "handed_on" })).toBe("handedTo");
  expect(needs({ outcome: "not_found" })).toBeNull();
  expect(needs({ outcome: "not_found", age: "131" })).toBe("age");
});

it("a new patient needs no outcome, a correction needs its reason", () => {
  expect(needOf(EMPTY, null)).toBeNull();
  const settled = known({ outcome: "refused" });
  expect(needOf(form({ outcome: "not_found" }), settled)).toBe("correction");
  expect(needOf(form({ outcome: "not_found", correction: "signed by another" }), settled)).toBeNull();
});

it("sends nothing that was typed for another outcome", () => {
  const typed = form({ destination: "h1", destinationWords: "home", proof: "witness", witness: "A", handedTo: "119" });
  expect(outcomeOf({ ...typed, outcome: null })).toBeNull();
  expect(outcomeOf({ ...typed, outcome: "transported" })).toEqual({ outcome: "transported", destination_id: "h1" });
  expect(outcomeOf({ ...typed, outcome: "transported", destination: "elsewhere" })).toEqual({
    outcome: "transported",
    destination_words: "home",
  });
  expect(outcomeOf({ ...typed, outcome: "refused" })).toEqual({ outcome: "refused", proof: "witness", witness: "A" });
  expect(outcomeOf({ ...typed, outcome: "refused", proof: "signature" })).toEqual({
    outcome: "refused",
    proof: "signature",
  });
  expect(outcomeOf({ ...typed, outcome: "handed_on" })).toEqual({ outcome: "handed_on", handed_to: "119" });
  expect(outcomeOf({ ...typed, outcome: "not_found" })).toEqual({ outcome: "not_found" });
});

it("reads ages, and begins with what is known", () => {
  expect(["", " 7 ", "130", "131", "-1", "7.5", "abc"].map((age) => ageOf(form({ age })))).toEqual([
    null,
    7,
    130,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(formOf(null)).toEqual(EMPTY);
  expect(formOf(known())).toEqual(form({ sex: "male", age: "58" }));
});
