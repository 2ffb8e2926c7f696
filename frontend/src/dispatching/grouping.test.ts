import { expect, it } from "vitest";
import { losses, type Excluded } from "./grouping";

const out = (name: string, ...codes: string[]): Excluded =>
  ({
    unit_id: name,
    call_sign: name,
    reasons: codes.map((reason) => ({ reason, words: { zh: reason, en: reason } })),
  }) as unknown as Excluded;
const told = (all: Excluded[]) =>
  losses(all).map(({ reason, units }) => `${reason.reason} ${units.map((one) => one.call_sign).join(",")}`);

it("tells a few one by one", () => {
  expect(told([out("a", "no_crew"), out("b", "no_crew", "relief")])).toEqual(["no_crew a", "no_crew b"]);
});

it("tells many by their first reason, the peculiar ones first, and leaves nobody out", () => {
  const many = [..."abcdef"].map((name) => out(name, "no_crew"));
  expect(told([...many, out("x", "not_shared"), out("y", "relief", "no_crew"), out("z", "relief")])).toEqual([
    "not_shared x",
    "relief y,z",
    "no_crew a,b,c,d,e,f",
  ]);
});
