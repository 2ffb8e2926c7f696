import { expect, it } from "vitest";
import { gates as en } from "../i18n/en/gates";
import { gates as zh } from "../i18n/zh/gates";
import { warned } from "./gates";

const gate = {
  id: "p",
  mission_id: "m",
  request_id: "r",
  number: "E-261127-03",
  how: "overridden",
  checklist: "leaving_with_patient",
  open_items: ["oxygen_go", "comms"],
  priority: "high",
  since: "2026-11-27T12:00:00Z",
  name: "示例某",
  incident_id: null,
  incident_number: "",
  call_sign: "",
} as const;

it("says what is open and who overrode", () => {
  const told = warned({ ...gate, open_items: [...gate.open_items] }, zh, "zh");
  expect(told).toMatchObject({ id: "ecmo.gate:p", urgency: "high", callSign: "E-261127-03", incidentId: null });
  expect(told.detail).toBe("离院门: 氧气 GO、双通信测试 · 示例某 越权放行");
});

it("says that a vehicle moves of which nobody put down that it left", () => {
  const told = warned({ ...gate, how: "leaving", name: null, open_items: ["comms"], call_sign: "温-03" }, en, "en");
  expect(told).toMatchObject({ callSign: "温-03" });
  expect(told.detail).toContain(en.leaving);
});
