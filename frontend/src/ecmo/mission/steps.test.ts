import { expect, it } from "vitest";
import { endsOf, gateOf, isCompared, isFlown, isLead, listNow, stepsOf, unexplained, type State } from "./steps";

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  preparing: ["outbound", "at_patient", "stood_down", "died"],
  outbound: ["at_patient", "stood_down", "died"],
  at_patient: ["cannulating", "on_circuit", "returning", "stood_down", "died"],
  cannulating: ["on_circuit", "stood_down", "died"],
  on_circuit: ["returning", "handed_over", "stood_down", "died"],
  returning: ["arrived", "died"],
  arrived: ["handed_over", "cannulating", "died"],
  handed_over: [],
  stood_down: [],
  died: [],
};

it("offers only steps that the service takes, and always a way on until the end", () => {
  for (const [state, allowed] of Object.entries(ALLOWED)) {
    for (const primary of [true, false])
      for (const fit of [true, false])
        for (const brought of [true, false]) {
          const steps = stepsOf({ state: state as State, primary, fit, brought });
          expect(allowed).toEqual(expect.arrayContaining([...steps, ...endsOf(state as State)]));
          expect(steps.length > 0).toBe(allowed.length > 0);
        }
  }
});

it("moves nobody without a circuit before somebody said he is fit for it", () => {
  const facts = { state: "at_patient", primary: true, brought: true } as const;
  expect(stepsOf({ ...facts, fit: false })).toEqual(["cannulating"]);
  expect(stepsOf({ ...facts, fit: true })).toEqual(["cannulating", "returning"]);
  expect(stepsOf({ ...facts, primary: false, fit: false })).toEqual(["on_circuit"]);
});

it("compares plans until a circuit runs or he is moved without one", () => {
  const at = (state: State, ...states: State[]): boolean =>
    isCompared({ mission: { state }, steps: states.map((one) => ({ state: one })) });
  expect([at("preparing"), at("outbound"), at("at_patient"), at("cannulating")]).toEqual([true, true, true, true]);
  expect([at("on_circuit"), at("returning"), at("arrived"), at("handed_over")]).toEqual([false, false, false, false]);
  expect(at("cannulating", "at_patient", "returning", "arrived")).toBe(false);
});

it("tells the gate of a step and what is open of it", () => {
  const items = ["team", "kit", "comms"].map((item) => ({ item, at: null, actor: null, name: null }));
  const told = { lists: [{ checklist: "leaving_base" as const, is_gate: true, ticked: 1, items }] };
  expect(gateOf(told, "outbound")).toEqual({ list: "leaving_base", open: 2 });
  expect(gateOf(told, "returning")).toBeNull();
  expect(gateOf(told, "arrived")).toBeNull();
  expect([listNow("preparing"), listNow("on_circuit"), listNow("arrived")]).toEqual([
    "leaving_base",
    "leaving_with_patient",
    "handover",
  ]);
});

it("waits for the reason of an open gate, and knows its lead", () => {
  const passage = { id: "1", checklist: "leaving_base" as const, open_items: ["kit"], at: "", actor: "", reason: null };
  const passages = [
    { ...passage, how: "closed" as const },
    { ...passage, id: "2", how: "open" as const },
    { ...passage, id: "3", how: "overridden" as const, reason: "worsens" as const },
  ];
  expect(unexplained({ passages }).map(({ id }) => id)).toEqual(["2"]);
  const booking = { id: "b", kit_id: null, person_id: "p", name: null, from_at: "" };
  expect(isLead({ bookings: [{ ...booking, role: "lead", until_at: null }] }, "p")).toBe(true);
  expect(isLead({ bookings: [{ ...booking, role: "lead", until_at: "x" }] }, "p")).toBe(false);
  expect(isLead({ bookings: [{ ...booking, role: "nurse", until_at: null }] }, "p")).toBe(false);
  expect(isLead({ bookings: [] }, null)).toBe(false);
});

it("waits for an aircraft until the journey has ended, by a plan that flies alone", () => {
  const flown = (state: State, plan_aircraft: string | null = "fixed-1") =>
    isFlown({ mission: { state }, plan_aircraft });
  expect([flown("outbound"), flown("returning"), flown("arrived"), flown("stood_down")]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(flown("outbound", null)).toBe(false);
});
