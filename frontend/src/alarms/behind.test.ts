import { expect, test } from "vitest";
import { behind } from "./behind";

const at = (unit_id: string, since: string) => ({ unit_id, since });

test("nobody is told of while all are looked at", () => {
  expect(behind([], () => "")).toEqual([]);
});

test("many that nobody looks at are one alarm, since the earliest, however their zones are written", () => {
  const all = [
    at("b", "2026-11-27T03:10:10Z"),
    at("a", "2026-11-27T11:10:05+08:00"),
    at("a", "2026-11-27T03:10:07Z"),
    at("c", "2026-11-27T03:10:09Z"),
  ];
  const [one, ...more] = behind(all, (id) => `U-${id}`);
  expect(more).toEqual([]);
  expect(one).toMatchObject({ kind: "unwatched", urgency: "medium", callSign: "U-a +2" });
  expect(one?.since).toBe(Date.parse("2026-11-27T03:10:05Z"));
});

test("one vehicle is named alone", () => {
  expect(behind([at("a", "2026-11-27T03:10:05Z")], () => "U-a")[0]?.callSign).toBe("U-a");
});
