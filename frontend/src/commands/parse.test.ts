import { describe, expect, it } from "vitest";
import { initialOf } from "./initials";
import { parse, type Known } from "./parse";

const KNOWN: Known = {
  units: [
    { id: "u7", call_sign: "阿-07" },
    { id: "u17", call_sign: "阿-17" },
    { id: "b3", call_sign: "兵-03" },
    { id: "w1", call_sign: "温-01" },
    { id: "w1b", call_sign: "乌-01" },
  ],
  incidents: [
    { id: "i23", number: "2026-000023" },
    { id: "i7", number: "2026-000007" },
  ],
};
const SEND = { kind: "send" };

describe("a command", () => {
  it.each(["派 阿-07 23", "23 阿7 派", "send A7 23", "阿07派23", "派车 a-07 23", "s a07 #23"])("%s", (text) => {
    expect(parse(text, KNOWN)).toEqual({ verb: SEND, unitIds: ["u7"], incidentId: "i23", unknown: [] });
  });

  it("tells one unit from another whose number only begins alike", () => {
    expect(parse("派 阿-17", KNOWN).unitIds).toEqual(["u17"]);
    expect(parse("派 a1", KNOWN)).toMatchObject({ unitIds: [], unknown: ["a1"] });
  });

  it("offers all that a letter may mean", () => {
    expect(parse("w1", KNOWN).unitIds).toEqual(["w1", "w1b"]);
    expect(parse("温1", KNOWN).unitIds).toEqual(["w1"]);
  });

  it("sets a status that was heard", () => {
    expect(parse("兵3 现场", KNOWN)).toMatchObject({ verb: { kind: "status", status: "on_scene" }, unitIds: ["b3"] });
  });

  it("says what it does not know", () => {
    expect(parse("派 阿-99 77 请快", KNOWN).unknown).toEqual(["阿-99", "77", "请快"]);
    expect(parse("  ", KNOWN)).toEqual({ verb: null, unitIds: [], incidentId: null, unknown: [] });
  });
});

it("reads initials by their order", () => {
  expect(["阿", "兵", "温", "库", "拉", "示", "X"].map(initialOf)).toEqual(["a", "b", "w", "k", "l", "s", "x"]);
});
