/** Which of several that stand in a row an arrow, Home or End goes to; null: the key is not one of these. */
export function stepped(key: string, at: number, count: number, rightToLeft: boolean): number | null {
  const [next, previous] = rightToLeft ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
  if (count === 0) return null;
  if (key === next || key === "ArrowDown") return (at + 1) % count;
  if (key === previous || key === "ArrowUp") return (at + count - 1) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}
