/** The one axis on which all ETAs of a list are drawn: 0 to 20 minutes. */

export const AXIS_S = 1_200;

export interface OnAxis {
  /** Percent of the axis. */
  from: number;
  width: number;
  /** Some of it lies behind the end of the axis. */
  beyond: boolean;
}

export function onAxis(lowS: number, highS: number, axisS: number): OnAxis {
  const share = (seconds: number): number => Math.min(100, Math.max(0, (100 * seconds) / axisS));
  const from = Math.min(share(lowS), 97);
  return { from, width: Math.max(share(highS) - from, 3), beyond: highS > axisS };
}
