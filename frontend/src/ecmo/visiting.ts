/** Focus on something that opens and closes: into it, and back to where it came from. */

/** Go to the first place in it; what is returned goes back, unless whoever looks went elsewhere meanwhile. */
export function visit(within: HTMLElement, first: string): () => void {
  const { activeElement: before } = document;
  within.querySelector<HTMLElement>(first)?.focus();
  return () => {
    const { activeElement: now, body } = document;
    const there = now === null || now === body || within.contains(now);
    if (there && before instanceof HTMLElement && before.isConnected) before.focus();
  };
}
