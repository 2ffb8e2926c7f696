import { expect, it } from "vitest";
import { countsOf, partsOf, signOf, type CriterionShown, type Standing, type Weight } from "./assessed";

const one = (name: string, weight: Weight, standing: Standing): CriterionShown => ({ name, weight, standing });

it("gives what speaks against it another sign than what speaks for it", () => {
  const standings: Standing[] = ["met", "not_met", "unknown", "not_applied"];
  expect(standings.map((standing) => signOf(one("x", "indication", standing)))).toEqual([
    "done",
    "not_met",
    "unknown",
    "not_met",
  ]);
  expect(standings.map((standing) => signOf(one("x", "absolute", standing)))).toEqual([
    "failed",
    "done",
    "unknown",
    "not_met",
  ]);
});

it("parts criteria from contraindications, what is met and unknown first", () => {
  const all = [
    one("a", "required", "not_met"),
    one("b", "indication", "unknown"),
    one("c", "indication", "met"),
    one("d", "relative", "not_met"),
    one("e", "absolute", "met"),
  ];
  const { criteria, against } = partsOf(all);
  expect(criteria.map(({ name }) => name)).toEqual(["c", "b", "a"]);
  expect(against.map(({ name }) => name)).toEqual(["e", "d"]);
  expect(countsOf(all)).toEqual({ met: 2, unknown: 1 });
});
