import { expect, it } from "vitest";
import { arranged, isLook, valueOf, type RecordLine } from "./lines";

function line(seq: number, at: string, more: Record<string, unknown> = {}): RecordLine {
  return {
    seq,
    at: `2026-11-22T04:${at}Z`,
    type: "unit.status_changed",
    corrects: null,
    corrected_by: null,
    payload: {},
    ...more,
  } as unknown as RecordLine;
}
const seqs = (lines: RecordLine[]) => arranged(lines).map((row) => (row.original ? -row.line.seq : row.line.seq));

it("goes by true time, not by when it was entered", () => {
  expect(seqs([line(1, "00:00"), line(2, "05:00"), line(3, "02:00")])).toEqual([1, 3, 2]);
});

it("keeps what was corrected under what counts, however often", () => {
  const lines = [
    line(1, "10:00", { corrected_by: 3 }),
    line(2, "11:00"),
    line(3, "09:00", { corrects: 1, corrected_by: 4 }),
    line(4, "12:00", { corrects: 3 }),
  ];
  expect(seqs(lines)).toEqual([2, 4, -3, -1]);
});

it("loses no line, even where corrections point outside or at each other", () => {
  expect(seqs([line(1, "00:00", { corrected_by: 99 }), line(2, "01:00", { corrects: 77 })])).toEqual([1, 2]);
});

it("reads plain values only", () => {
  const told = line(1, "00:00", { payload: { status: "on_scene", rank: 2, deep: {} }, type: "incident.viewed" });
  expect([valueOf(told, "status"), valueOf(told, "rank"), valueOf(told, "deep"), valueOf(told, "none")]).toEqual([
    "on_scene",
    "2",
    "",
    "",
  ]);
  expect(isLook(told)).toBe(true);
});
