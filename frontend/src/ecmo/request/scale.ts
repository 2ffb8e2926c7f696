/** A score on its bar: classes side by side, each as wide as the others; a score, or all that it may be, is a box. */

export interface ScoreClass {
  name: string;
  /** The lowest score of it. */
  lowest: number;
}

export interface Segment {
  name: string;
  /** Per cent of the bar. */
  from: number;
  to: number;
  /** Something of what the score may be lies in it. */
  lit: boolean;
}

export interface Scale {
  segments: Segment[];
  box: { from: number; to: number };
}

const WHOLE = 100;
/** A single score is a mark of this width; per cent. */
const MARK = 1.5;

/**
 * `least`, `most`: what the score can be at all; `low`, `high`: what it may be here. The bar runs from the worst class to
 * the best; within a class it is even, so that a wide class does not push the others together.
 */
export function scaleOf(
  classes: readonly ScoreClass[],
  least: number,
  most: number,
  low: number,
  high: number,
): Scale | null {
  const rising = [...classes].sort((one, other) => one.lowest - other.lowest);
  const [first] = rising;
  if (first === undefined || most <= least) return null;
  const width = WHOLE / rising.length;
  const starts = rising.map(({ lowest }, at) => (at === 0 ? least : lowest));
  const ends = [...starts.slice(1), most];
  const place = (score: number): number => {
    const at = Math.max(
      0,
      starts.findLastIndex((start) => score >= start),
    );
    const [start, end] = [starts[at] ?? least, ends[at] ?? most];
    const within = end > start ? Math.min(1, Math.max(0, (score - start) / (end - start))) : 0;
    return width * (at + within);
  };
  const classAt = (score: number): number =>
    Math.max(
      0,
      starts.findLastIndex((start) => score >= start),
    );
  const [from, to] = [place(low), place(high)];
  const box = low === high ? { from: Math.min(WHOLE - MARK, from), to: Math.min(WHOLE, from + MARK) } : { from, to };
  return {
    segments: rising.map(({ name }, at) => ({
      name,
      from: width * at,
      to: width * (at + 1),
      lit: at >= classAt(low) && at <= classAt(high),
    })),
    box,
  };
}

/** 2 ～ 6, −4 ～ −1, 3.50: a true minus, and as many decimals as the score has. */
export function scoreWords(low: number, high: number, decimals = 0): string {
  const told = (value: number): string => `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(decimals)}`;
  return low === high ? told(low) : `${told(low)} ～ ${told(high)}`;
}

/** +3, 0, −7, −3～0. */
export function pointWords(low: number, high: number = low): string {
  const told = (value: number): string => (value > 0 ? `+${value}` : value < 0 ? `−${-value}` : "0");
  return low === high ? told(low) : `${told(low)}～${told(high)}`;
}
