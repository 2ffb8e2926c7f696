import { describe, expect, it } from "vitest";
import { beatsBetween } from "./metronome";

describe("beats", () => {
  it("come evenly: 110 in a minute", () => {
    const beats = beatsBetween(2, 110, 2, 62);
    expect(beats).toHaveLength(110);
    const gaps = beats.slice(1).map((at, n) => at - (beats[n] ?? 0));
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThan(1e-9);
  });

  it("are neither lost nor doubled where two looks meet", () => {
    const whole = beatsBetween(0, 120, 0, 10);
    const parts = [beatsBetween(0, 120, 0, 3.5), beatsBetween(0, 120, 3.5, 7.25), beatsBetween(0, 120, 7.25, 10)];
    expect(parts.flat()).toEqual(whole);
  });

  it("begin with the start, not before it", () => {
    expect(beatsBetween(5, 100, 0, 5.1)).toEqual([5]);
    expect(beatsBetween(5, 100, 0, 5)).toEqual([]);
  });
});
