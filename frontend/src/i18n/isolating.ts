/** Values in sentences that run from right to left: 2026-000123 must never be read as 000123-2026. */

const [FIRST_STRONG, END] = ["\u2068", "\u2069"];

/** The same texts, in which each value that a sentence takes keeps its own direction. */
export function isolating<T>(texts: T): T {
  if (typeof texts === "function") {
    const say = texts as unknown as (...values: unknown[]) => string;
    return ((...values: unknown[]) => say(...values.map(apart))) as T;
  }
  if (typeof texts !== "object" || texts === null || Array.isArray(texts)) return texts;
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, isolating<unknown>(text)])) as T;
}

function apart(value: unknown): unknown {
  return typeof value === "string" ? isolated(value) : value;
}

/** A name or a value that keeps its own direction in a sentence. */
export function isolated(text: string): string {
  return text === "" ? "" : `${FIRST_STRONG}${text}${END}`;
}
