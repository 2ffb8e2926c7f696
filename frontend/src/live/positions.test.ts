import { expect, it } from "vitest";
import { Positions } from "./positions";
import type { Latest } from "./protocol";

const fix = (id: string, fix_at: string, lat = 41): Latest => ({
  id,
  lat,
  lon: 80,
  fix_at,
  received_at: fix_at,
  speed_mps: null,
  heading_deg: null,
  source: "auto",
});

it("keeps the newest fix, whatever comes late, and tells only what moved", () => {
  const positions = new Positions();
  const heard: string[][] = [];
  const stop = positions.listen((moved) => heard.push(moved.map(({ id }) => id)));
  positions.take([fix("a", "2026-11-22T04:00:05Z"), fix("b", "2026-11-22T04:00:05Z")]);
  positions.take([fix("a", "2026-11-22T04:00:01Z", 9), fix("b", "2026-11-22T04:00:06Z")]);
  positions.take([fix("a", "2026-11-22T04:00:02Z", 9)]);
  stop();
  positions.take([fix("c", "2026-11-22T04:00:02Z")]);
  expect(positions.get("a")?.lat).toBe(41);
  expect(heard).toEqual([["a", "b"], ["b"]]);
});
