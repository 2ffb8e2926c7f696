import { describe, expect, it } from "vitest";
import type { Assessment } from "../cards/assessing.svelte";
import { emptyDraft, type DraftBody } from "./draft";
import { incidentOf, isArrest, opensByItself } from "./opening";

const text = { zh: "", en: "", ug: "" };
const told = (more: Partial<Assessment> = {}): Assessment => ({
  card: "K03",
  version: "1",
  priority: "P2",
  provisional: false,
  rule: { id: "K03.p2.age", text },
  held: [],
  ask_again: [],
  open: [],
  could_be: "P1",
  capabilities: "A",
  alerts: "",
  path: "CHEST",
  instructions: [],
  switch_to: "",
  ...more,
});
type Hints = Parameters<typeof opensByItself>[3];
const NEAR = { reasons: ["near" as const, "recent" as const] };
const SAME = { reasons: ["same_place" as const, "same_kind" as const] };
const ARREST = told({ switch_to: "K01", priority: "P1", capabilities: "AB" });
const place = { lat: 41.17, lon: 80.26, label: "塔南路", source: "gazetteer" as const };
const typed = (more: Partial<DraftBody> = {}): DraftBody => ({
  ...emptyDraft("zh"),
  place,
  card: "K03",
  answers: { a: "yes", b: "yes" },
  ...more,
});

describe("an incident opens by itself", () => {
  it.each<[string, DraftBody, Assessment | null, boolean, Hints, boolean]>([
    ["once place, complaint, waking and breathing are known", typed(), told(), false, [], true],
    ["not without a place", typed({ place: null }), told(), false, [], false],
    ["not without a complaint", typed({ card: "" }), told(), false, [], false],
    ["not before breathing is answered", typed({ answers: { a: "yes" } }), told(), false, [], false],
    ["not while the assessment is of earlier answers", typed(), told(), true, [], false],
    ["not while it may be known already", typed(), told(), false, [NEAR], false],
    ["at once in an arrest, whatever else is open", typed({ card: "" }), ARREST, false, [NEAR], true],
    ["not when that arrest may be known", typed({ card: "" }), ARREST, false, [NEAR, SAME], false],
    [
      "once the card of an arrest is chosen",
      typed({ card: "K01", answers: {} }),
      told({ card: "K01" }),
      false,
      [],
      true,
    ],
    ["not in an arrest without a place", typed({ place: null }), ARREST, false, [], false],
    ["not without an assessment", typed(), null, false, [], false],
  ])("%s", (_, body, assessment, behind, hints, opens) => {
    expect(opensByItself(body, assessment, behind, hints)).toBe(opens);
  });
});

describe("an arrest", () => {
  it("is certain, not only possible", () => {
    expect(isArrest(ARREST)).toBe(true);
    expect(isArrest(told({ rule: { id: "all.p1.arrest", text }, provisional: true }))).toBe(false);
    expect(isArrest(told({ card: "K01" }))).toBe(true);
  });
});

describe("what is opened", () => {
  it("has the card that an arrest calls for, and the words as they were typed", () => {
    const body = typed({ place_words: "塔南路口东北角", direction: "往库车", people: 3 });
    expect(incidentOf(body, ARREST, "c1", "备注")).toEqual({
      priority: "P1",
      complaint: "K01",
      capabilities: "AB",
      place: { lat: 41.17, lon: 80.26, words: "塔南路口东北角", direction: "往库车", source: "gazetteer" },
      note: "备注",
      people: 3,
      call_id: "c1",
    });
  });

  it("is urgent while nothing is known, and has words where there is no point", () => {
    const body = { ...emptyDraft("zh"), place_words: "大桥边" };
    expect(incidentOf(body, null, null, "")).toMatchObject({
      priority: "P1",
      place: { words: "大桥边", source: "typed" },
      call_id: null,
    });
    expect(incidentOf(emptyDraft("zh"), null, null, "").place).toBeNull();
  });
});
