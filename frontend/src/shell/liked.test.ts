import { expect, it } from "vitest";
import { PLAIN, readLiked, SIZES } from "./liked";

it("what was kept is what is liked", () => {
  const liked = { ...PLAIN, language: "ug", theme: "day", layout: { ...PLAIN.layout, windows: ["map"] } } as const;
  expect(readLiked(JSON.parse(JSON.stringify(liked)))).toEqual(liked);
});

it.each([null, 7, "text", [], { language: "xx", theme: 3, volume: "loud", pins: "no", more: 1 }])(
  "of %j nothing is taken",
  (kept) => expect(readLiked(kept)).toEqual({}),
);

it("no panel is smaller or larger than can be worked with, and no window is of a panel that is none", () => {
  const layout = { incidents_px: 1, selected_px: 90_000, units_px: Number.NaN, windows: ["units", "door", "units"] };
  expect(readLiked({ layout, volume: 0 })).toEqual({
    volume: 20,
    layout: {
      incidents_px: SIZES.incidents_px.least,
      selected_px: SIZES.selected_px.most,
      units_px: SIZES.units_px.drawn,
      windows: ["units"],
    },
  });
});
