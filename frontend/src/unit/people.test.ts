import { describe, expect, it } from "vitest";
import { EMPTY, needOf, outcomeOf, saysWho, staysOf, withIdNumber, type PersonForm } from "./people";

const NOW = Date.parse("2026-11-27T04:00:00Z");
const GOOD = "11010519491231002X";
const need = (change: Partial<PersonForm>, had = false, destination: string | null = null) =>
  needOf({ ...EMPTY, ...change }, NOW, had, destination);

describe("nobody is taken anywhere", () => {
  type Row = Parameters<typeof staysOf>[0][number];
  const row = (id: string, outcome: string | null, state = "open"): Row => ({ id, outcome, state }) as Row;
  const outcome = (patient: string): Parameters<typeof staysOf>[1][number] =>
    ({ kind: "outcome", patient, outcome: { outcome: "dead_on_scene" }, reason: "" }) as never;

  it("once all who were found have another outcome, told or waiting on this phone", () => {
    expect(staysOf([row("a", "refused"), row("b", "dead_on_scene")], [])).toBe(true);
    expect(staysOf([row("a", "refused"), row("b", null)], [outcome("b")])).toBe(true);
    expect(staysOf([], [{ kind: "patient", outcome: { outcome: "not_found" } } as never])).toBe(true);
  });

  it("is not known of nobody, and not true while somebody is open or was taken", () => {
    expect(staysOf([], [])).toBe(false);
    expect(staysOf([row("a", "refused"), row("b", null)], [])).toBe(false);
    expect(staysOf([row("a", "transported")], [])).toBe(false);
    expect(staysOf([row("a", "refused"), row("b", null, "merged")], [])).toBe(true);
  });
});

describe("a patient typed on board", () => {
  it("may be anybody", () => expect(need({})).toBeNull());

  it("has a number whose check character is right, or none", () => {
    expect([need({ idNumber: GOOD }), need({ idNumber: "110105194912310021" })]).toEqual([null, "check"]);
  });

  it("gets sex and age of the number, once that is right", () => {
    const typed = withIdNumber(EMPTY, GOOD, NOW);
    expect([typed.sex, typed.age]).toEqual(["female", "76"]);
    expect(withIdNumber(EMPTY, GOOD.slice(0, 17), NOW)).toEqual({ ...EMPTY, idNumber: GOOD.slice(0, 17) });
  });

  it("who refuses signs, or a witness is named", () => {
    expect(need({ outcome: "refused" })).toBe("proof");
    expect(need({ outcome: "refused", proof: "witness", witness: " " })).toBe("witness");
    expect(need({ outcome: "refused", proof: "signature" })).toBeNull();
    const refused: PersonForm = { ...EMPTY, outcome: "refused", proof: "signature", witness: "left over" };
    expect(outcomeOf(refused, null)).toEqual({ outcome: "refused", proof: "signature" });
  });

  it("is brought to where the vehicle goes, and nowhere else", () => {
    expect(need({ outcome: "transported" })).toBe("destination");
    expect(outcomeOf({ ...EMPTY, outcome: "transported" }, "h")).toEqual({
      outcome: "transported",
      destination_id: "h",
    });
    expect(outcomeOf({ ...EMPTY, outcome: "dead_on_scene" }, "h")).toEqual({ outcome: "dead_on_scene" });
  });

  it("whose outcome is corrected, owes the reason", () => {
    expect(need({ outcome: "treated_left" }, true)).toBe("reason");
    expect(need({ outcome: "treated_left", reason: "went with us after all" }, true)).toBeNull();
  });

  it("of whom nothing new is said is not described anew", () => {
    expect(saysWho(EMPTY, null)).toBe(false);
    expect(saysWho({ ...EMPTY, age: "57" }, null)).toBe(true);
    const row = { sex: "male", age_years: 57 } as Parameters<typeof saysWho>[1];
    expect(saysWho({ ...EMPTY, sex: "male", age: "57" }, row)).toBe(false);
  });
});
