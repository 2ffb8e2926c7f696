import { expect, it } from "vitest";
import { barOf, demandWords, litres, minutesWords, pressureWords } from "./reaching";

it("never tells more than there is", () => {
  expect([litres(4_608.9), litres(323)]).toEqual(["4\u2009608", "323"]);
  expect([minutesWords(74.9), minutesWords(null), minutesWords(0)]).toEqual(["74", "∞", "0"]);
  expect([pressureWords(146), pressureWords(null)]).toEqual(["14.6", "—"]);
});

it("draws what there is beside what is needed", () => {
  expect(barOf(41, 70)).toEqual({ has: (100 * 41) / 70, needs: 100 });
  expect(barOf(140, 70)).toEqual({ has: 100, needs: 50 });
  expect(barOf(0, 0)).toEqual({ has: 0, needs: 0 });
  expect([barOf(null, 70), barOf(3, null)]).toEqual([null, null]);
});

it("tells how the flow of oxygen is reckoned", () => {
  const told = { sweep: 5, minute_volume: 7.96, bias: 2, fio2: 0.6, other: 0, sweep_fio2: 1, measured: [] };
  expect(demandWords(told)).toBe("5 + (8 + 2) × (0.60 − 0.21) / 0.79 + 0");
  expect(demandWords({ ...told, sweep_fio2: 0.5 })).toMatch(/^5 × \(0\.50 − 0\.21\) \/ 0\.79 \+ \(8/);
});
