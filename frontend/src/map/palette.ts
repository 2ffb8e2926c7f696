/** The colours of the map: the tokens of the chosen theme, read once when it changes. */

export interface Palette {
  land: string;
  road1: string;
  road2: string;
  road3: string;
  casing: string;
  text: string;
  label: string;
  muted: string;
  faint: string;
  line: string;
  panel: string;
  raised: string;
  focus: string;
  route: string;
  act: string;
  actText: string;
  high: string;
  highText: string;
  med: string;
  medBg: string;
  live: string;
  ok: string;
  civil: string;
  corps: string;
  font: string;
}

const TOKENS: Record<keyof Palette, string> = {
  land: "--land",
  road1: "--road-1",
  road2: "--road-2",
  road3: "--road-3",
  casing: "--casing",
  text: "--text",
  label: "--label",
  muted: "--muted",
  faint: "--faint",
  line: "--line",
  panel: "--panel",
  raised: "--raised",
  focus: "--focus",
  route: "--route",
  act: "--act",
  actText: "--act-text",
  high: "--high",
  highText: "--high-text",
  med: "--med",
  medBg: "--med-bg",
  live: "--live",
  ok: "--ok",
  civil: "--civil",
  corps: "--corps",
  font: "--font",
};

export function readPalette(element: Element = document.documentElement): Palette {
  const style = getComputedStyle(element);
  const entries = Object.entries(TOKENS).map(([key, token]) => [key, style.getPropertyValue(token).trim()]);
  return Object.fromEntries(entries) as Palette;
}
