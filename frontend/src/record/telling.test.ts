import { expect, it } from "vitest";
import { zh } from "../i18n/zh";
import type { RecordLine } from "./lines";
import { toldBy } from "./telling";

const told = (type: string, payload: Record<string, unknown>): string =>
  toldBy({ type, payload, subject: "u" } as unknown as RecordLine, zh, (id) => (id === "u1" ? "阿-07" : ""));

it.each([
  ["incident.state_changed", { before: "open", state: "dispatched" }, "待派 → 已派"],
  ["incident.people_told", { before: null, people: 3 }, "3"],
  ["incident.people_told", { before: 3, people: 12 }, "3 → 12"],
  ["incident.placed", { place_source: "gazetteer" }, "地名库"],
  ["incident.call_linked", { kind: "asked_again" }, "催车"],
  ["personal.recorded", { kind: "id_number" }, "身份证号"],
  ["call.signalled", { state: "answered" }, "通话中"],
  ["call.transferred", { kind: "passed", agency: "119" }, "转出 119"],
  ["call_back.attempted", { met: "no_answer" }, "无人接"],
  ["patient.described", { sex: "male", age_years: 58 }, "男 58 岁"],
  ["patient.outcome_set", { outcome: "transported" }, "送医"],
  ["assignment.made", { unit_id: "u1", rank: 1, planned_s: 725 }, "阿-07 · #1 · ≈13 分"],
  ["assignment.override_explained", { reason: "road" }, "道路"],
  ["something.new", { reason: "其他" }, "其他"],
])("tells %s by its codes: %o", (type, payload, words) => {
  expect(told(type, payload)).toBe(words);
});
