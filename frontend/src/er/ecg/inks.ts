/** The colours of the paper, as the theme has them now. */

import type { Inks } from "./draw";

export function inksNow(): Inks {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ground: of("--ecg-bg"),
    fine: of("--ecg-1"),
    bold: of("--ecg-5"),
    trace: of("--trace"),
    label: of("--text"),
    faint: of("--muted"),
    off: of("--low"),
  };
}
