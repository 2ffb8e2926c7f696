import { describe, expect, it } from "vitest";
import { emptyForm, read, stepFor, stepsOf, timeOf, type LateForm } from "./steps";

const NEW = { incidentId: null, assigned: false };
const NOON = Date.parse("2026-11-22T12:00:00Z");

function form(times: Partial<LateForm["times"]>, more: Partial<LateForm> = {}): LateForm {
  const empty = emptyForm("2026-11-22");
  return {
    ...empty,
    blank: "1122-0312-AB-1",
    priority: "P1",
    unitId: "u1",
    ...more,
    times: { ...empty.times, ...times },
  };
}

const told = (written: LateForm, standing = NEW): Record<string, string> =>
  Object.fromEntries(
    Object.entries(read(written, standing, NOON).moments).map(([name, at]) => [name, new Date(at).toISOString()]),
  );

it.each([
  ["3:12", "03:12:00"],
  ["0312", "03:12:00"],
  ["031247", "03:12:47"],
  ["０３：１２：４７", "03:12:47"],
  ["24:00", null],
  ["3:60", null],
  ["昨天", null],
])("reads %s as a time", (typed, time) => expect(timeOf(typed)).toBe(time));

describe("times on paper", () => {
  it("are of the zone that is named", () => {
    expect(told(form({ T0: "10:00", T3: "10:02:30" }))).toEqual({
      T0: "2026-11-22T02:00:00.000Z",
      T3: "2026-11-22T02:02:30.000Z",
    });
    expect(told(form({ T0: "10:00" }, { zone: "xinjiang", unitId: "" }))).toEqual({ T0: "2026-11-22T04:00:00.000Z" });
  });

  it("go on past midnight, each after the one before", () => {
    expect(told(form({ T0: "23:50", T3: "23:58", T5: "0:01", T6: "0:20" }, { day: "2026-11-21" }))).toEqual({
      T0: "2026-11-21T15:50:00.000Z",
      T3: "2026-11-21T15:58:00.000Z",
      T5: "2026-11-21T16:01:00.000Z",
      T6: "2026-11-21T16:20:00.000Z",
    });
  });

  it("are named where they cannot be true", () => {
    const { faults } = read(
      form({ T0: "10:00", T2: "9:59", T3: "10:02", T5: "10:01", T6: "bald", T7: "20:30" }),
      NEW,
      NOON,
    );
    expect(faults).toEqual([
      { field: "T2", why: "order" },
      { field: "T5", why: "order" },
      { field: "T6", why: "notATime" },
      { field: "T7", why: "future" },
    ]);
  });

  it("want a vehicle, and a vehicle wants its order", () => {
    const without = form({ T0: "10:00", T5: "10:02" }, { unitId: "" });
    expect(read(without, NEW, NOON).faults).toEqual([{ field: "unitId", why: "missing" }]);
    expect(read(form({ T0: "10:00" }), NEW, NOON).faults).toEqual([{ field: "T3", why: "missing" }]);
    expect(read(form({ T5: "10:00" }), { incidentId: "i1", assigned: true }, NOON).faults).toEqual([]);
  });

  it("of an empty form are missing", () => {
    expect(read(emptyForm("2026-11-22"), NEW, NOON).faults.map(({ field }) => field)).toEqual([
      "blank",
      "T0",
      "priority",
    ]);
  });
});

describe("the steps", () => {
  const steps = (written: LateForm, standing = NEW as { incidentId: string | null; assigned: boolean }) =>
    stepsOf(written, read(written, standing, NOON).moments, standing);

  it("go from the call to the station", () => {
    const whole = form({
      T0: "10:00",
      T2: "10:02",
      ended: "10:03",
      T3: "10:02",
      T4: "10:03",
      T6: "10:10",
      T12: "11:30",
    });
    expect(steps(whole)).toEqual(["call", "incident", "ended", "T3", "T4", "T6", "T12"]);
  });

  it("are one for a whole run that was over on paper, with its patient", () => {
    const over = form({ T0: "10:00", T1: "10:00:08", T3: "10:02", T6: "10:10", T9: "10:40", T11: "11:00" });
    const taken: LateForm = { ...over, outcome: "transported", hospitalId: "h1" };
    expect(steps(over)).toEqual(["call", "incident", "run"]);
    expect(steps(taken)).toEqual(["call", "incident", "run", "close"]);
    expect(steps(taken, { incidentId: "i1", assigned: false })).toEqual(["run", "note"]);
    expect(read({ ...taken, hospitalId: "" }, NEW, NOON).faults).toEqual([{ field: "hospitalId", why: "missing" }]);
    expect(stepFor("T6", taken, NEW)).toBe("run");
    expect(stepFor("T1", taken, NEW)).toBe("call");
  });

  it("of a run that goes on are one by one, its patient beside them", () => {
    const going: LateForm = { ...form({ T0: "10:00", T3: "10:02", T6: "10:10" }), outcome: "treated_left" };
    expect(steps(going)).toEqual(["call", "incident", "T3", "T6", "patient"]);
    expect(stepFor("T6", going, NEW)).toBe("T6");
  });

  it("are a call and an incident where nobody was sent", () => {
    expect(steps(form({ T0: "10:00" }, { unitId: "" }))).toEqual(["call", "incident"]);
  });

  it("of an incident that stands are the run and a note; its order only where it has none", () => {
    const run = form({ T3: "10:00", T5: "10:02" });
    expect(steps(run, { incidentId: "i1", assigned: false })).toEqual(["T3", "T5", "note"]);
    expect(steps(run, { incidentId: "i1", assigned: true })).toEqual(["T5", "note"]);
  });
});
