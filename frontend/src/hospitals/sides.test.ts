import { expect, it } from "vitest";
import type { Schemas } from "../client/api";
import type { Who } from "../session/session.svelte";
import { acceptedBy, LASTS, ordered, sideOf } from "./sides";

const who = (role: string, organisation = "A"): Who =>
  ({ id: "p", organisation, roles: [{ role, organisation }], display_name: "" }) as unknown as Who;
const house = (key: string, organisation: string, limited = false): Schemas["HospitalOut"] =>
  ({ key, organisation, services: [{ service: "ct", state: "open", limit: limited ? {} : null }] }) as never;
const said = (hospital_id: string, answer: Schemas["Answer"]): Schemas["HospitalAnswerOut"] =>
  ({ hospital_id, answer, other_id: null }) as never;

it("a hospital is spoken for by its own doctors and by the dispatch centre", () => {
  expect(sideOf(who("emergency_doctor"), { organisation: "A" })).toBe("hospital");
  expect(sideOf(who("emergency_doctor"), { organisation: "B" })).toBeNull();
  expect(sideOf(who("dispatcher"), { organisation: "B" })).toBe("centre");
  expect(sideOf(who("crew"), { organisation: "A" })).toBeNull();
  expect(sideOf(null, { organisation: "A" })).toBeNull();
});

it("one's own comes first, then what is limited", () => {
  const houses = [house("far", "B"), house("shut", "B", true), house("own", "A")];
  expect(ordered(houses, who("emergency_doctor")).map(({ key }) => key)).toEqual(["own", "shut", "far"]);
});

it("a refusal can name those whose newest word is that they take the patient", () => {
  const answers = [said("b", "accepted"), said("c", "accepted"), said("c", "refused"), said("a", "accepted")];
  expect(acceptedBy(answers, "a")).toEqual(["b"]);
});

it("the usual time of a diversion is two hours, the longest four", () => {
  expect(LASTS.diverted[1]).toBe(120);
  expect(Math.max(...LASTS.diverted)).toBe(240);
});
