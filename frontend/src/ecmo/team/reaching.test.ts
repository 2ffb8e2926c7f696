import { expect, it } from "vitest";
import { barOf, litres, minutesWords, pressureWords } from "./reaching";

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
