import { describe, expect, it } from "vitest";
import { full, judgeAll, newestOf, stepped, together, typed, type Entry, type HandSignal, type Said } from "./charting";

const signal = (name: string, high: number, decimals = 0): HandSignal => ({
  name,
  zh: "",
  en: "",
  unit: "",
  decimals,
  soft: { low: 60, high: 240 },
  hard: { low: 0, high },
});
const SIGNALS = new Map([
  ["nibp_systolic", signal("nibp_systolic", 350)],
  ["nibp_diastolic", signal("nibp_diastolic", 350)],
  ["heart_rate", signal("heart_rate", 350)],
]);
const said = (id: string, atMs: number, values: Record<string, number>, corrects: string | null = null): Said => ({
  id,
  atMs,
  values,
  treatment: null,
  words: null,
  amount: null,
  corrects,
  counts: true,
  held: true,
  by: null,
});
const entry = (id: string, at: string, value: number, counts = true): Entry => ({
  id,
  patient_id: "p",
  unit_id: null,
  at,
  entered_at: at,
  source: "manual",
  author: "person:1",
  author_name: "示例",
  values: [{ signal: "heart_rate", value, unit: "/min", decimals: 0, judged: "ok" }],
  treatment: null,
  words: null,
  amount: null,
  unit: "",
  corrects: null,
  counts,
  withdrawn_at: null,
  withdrawn_by: null,
});

describe("a value that is typed", () => {
  it("takes digits, one point where it has decimals, and no more of them", () => {
    expect(["3", "7", ".", ".", "4", "5"].reduce((text, key) => typed(text, key, 1), "")).toBe("37.4");
    expect(["1", ".", "2", "0", "9"].reduce((text, key) => typed(text, key, 0), "")).toBe("120");
    expect(typed("37.", "back", 1)).toBe("37");
    expect([typed("0", "5", 0), typed("", ".", 1)]).toEqual(["5", "0."]);
  });

  it("goes on to the next field once another digit could not be right", () => {
    const systolic = SIGNALS.get("nibp_systolic");
    expect(["", "9", "98", "12", "120"].map((text) => full(text, systolic))).toEqual([false, false, true, false, true]);
  });

  it("is stepped by its last digit, never below nothing", () => {
    expect([stepped("36.9", 1, 1), stepped("0", -1, 0), stepped("", 1, 0)]).toEqual(["37.0", "0", "1"]);
  });

  it("is worth what its ranges say, and a pressure whose lower value is not lower is wrong", () => {
    expect(judgeAll({ heart_rate: 90 }, SIGNALS)).toBe("ok");
    expect(judgeAll({ heart_rate: 250 }, SIGNALS)).toBe("soft");
    expect(judgeAll({ heart_rate: 900 }, SIGNALS)).toBe("hard");
    expect(judgeAll({ nibp_systolic: 80, nibp_diastolic: 95 }, SIGNALS)).toBe("hard");
  });
});

describe("what is shown of a patient", () => {
  it("is the newest that counts, waiting here or told", () => {
    const all = together(
      [entry("a", "2026-11-22T04:00:00Z", 80)],
      [said("b", Date.parse("2026-11-22T04:01:00Z"), { heart_rate: 96 })],
      new Set(),
    );
    expect(newestOf("hr", all, SIGNALS)).toMatchObject({ text: "96", held: true });
    const back = together([entry("a", "2026-11-22T04:00:00Z", 80)], [], new Set(["a"]));
    expect(newestOf("hr", back, SIGNALS)).toBeNull();
  });

  it("counts a correction that waits instead of what it corrects, and each entry once", () => {
    const at = Date.parse("2026-11-22T04:00:00Z");
    const all = together(
      [entry("a", "2026-11-22T04:00:00Z", 800)],
      [said("a", at, { heart_rate: 800 }), said("b", at, { heart_rate: 80 }, "a")],
      new Set(),
    );
    expect(all.map(({ id, counts }) => [id, counts])).toEqual([
      ["a", false],
      ["b", true],
    ]);
    expect(newestOf("hr", all, SIGNALS)?.text).toBe("80");
  });
});
