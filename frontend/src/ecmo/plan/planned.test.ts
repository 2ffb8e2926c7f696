import { expect, it } from "vitest";
import { choosable, fillOf, flownOf, letterOf, Places, tracksOf, type LegShown } from "./planned";

const leg = (kind: string, ...tracks: LegShown["tracks"]): LegShown => ({
  kind,
  tracks,
  begins: { likely: 0, slow: 0 },
  ends: { likely: 1, slow: 1 },
  distanceM: 0,
  hop: null,
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

it("tells of a plan by air which airports it joins, and the roads at both ends", () => {
  const flight = (kind: string, hop: string, distanceM: number): LegShown => ({ ...leg(kind, "team"), hop, distanceM });
  const legs = [
    flight("ferry", "URC→AKU", 657_000),
    { ...leg("drive", "team"), distanceM: 14_500 },
    flight("fly", "AKU→KCA", 220_000),
    { ...leg("drive", "team"), distanceM: 11_300 },
    { ...leg("carry", "team", "patient"), distanceM: 11_300 },
    flight("fly_carrying", "KCA→AKU", 220_000),
  ];
  expect(flownOf(legs)).toEqual({
    flights: [
      { hop: "URC→AKU", distanceM: 657_000 },
      { hop: "AKU→KCA", distanceM: 220_000 },
    ],
    roadsM: [14_500, 11_300],
  });
});

it("lets a plan keep its place whatever comes, goes and overtakes it", () => {
  const places = new Places();
  const put = (...kinds: string[]): number[] => kinds.map((kind) => places.of({ kind, via: null, aircraft: null }));
  expect(put("road", "helicopter")).toEqual([0, 1]);
  expect(put("fixed_wing", "helicopter", "road")).toEqual([2, 1, 0]);
  expect(put("helicopter", "road")).toEqual([1, 0]);
  expect(put("fixed_wing")).toEqual([2]);
});

it("tells two plans of one kind apart", () => {
  const places = new Places();
  const flown = { kind: "helicopter", via: null };
  const met = { kind: "rendezvous", aircraft: null };
  const seen = [
    { ...flown, aircraft: "a" },
    { ...flown, aircraft: "b" },
    { ...met, via: "h1" },
    { ...met, via: "h2" },
  ];
  expect(seen.map((one) => places.of(one))).toEqual([0, 1, 2, 3]);
  expect(seen.toReversed().map((one) => places.of(one))).toEqual([3, 2, 1, 0]);
});

it("lets a person choose against a hindrance, but moves nobody before he is fit for it", () => {
  expect([[], ["no_vehicle"], ["flight"]].map((hindrances) => choosable({ hindrances }))).toEqual([true, true, true]);
  expect(choosable({ hindrances: ["flight", "not_fit_to_move"] })).toBe(false);
});
