import { expect, it } from "vitest";
import { choosable, fillOf, letterOf, tracksOf, type LegShown } from "./planned";

const leg = (kind: string, ...tracks: LegShown["tracks"]): LegShown => ({
  kind,
  tracks,
  begins: { likely: 0, slow: 0 },
  ends: { likely: 1, slow: 1 },
  distanceM: 0,
});

it("tells by its fill what is done", () => {
  expect(
    ["prepare", "drive", "carry", "cannulate", "take_over", "fly_carrying", "ferry", "move", "stabilise"].map(fillOf),
  ).toEqual(["waiting", "empty", "carrying", "cannulation", "cannulation", "flight", "flight", "moving", "still"]);
});

it("draws the tracks that have something to do, always in the same order", () => {
  expect(tracksOf([leg("drive", "vehicle", "team"), leg("cannulate", "team", "patient")])).toEqual([
    "team",
    "patient",
    "vehicle",
  ]);
  expect(tracksOf([])).toEqual([]);
});

it("names plans by letters", () => {
  expect([0, 1, 25].map(letterOf)).toEqual(["A", "B", "Z"]);
});

it("lets a person choose against a hindrance, but moves nobody before he is fit for it", () => {
  expect([[], ["no_vehicle"], ["flight"]].map((hindrances) => choosable({ hindrances }))).toEqual([true, true, true]);
  expect(choosable({ hindrances: ["flight", "not_fit_to_move"] })).toBe(false);
});
