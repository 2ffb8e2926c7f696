/** Where the keyboard is on the call-taking screen: each part says how it takes the focus. */

export type Zone = "caller" | "place" | "card" | "questions" | "instructions" | "notes";

const takers = new Map<Zone, () => void>();

/** Say how a part takes the focus: `$effect(() => zone("place", () => input.focus()))`. */
export function zone(name: Zone, take: () => void): () => void {
  takers.set(name, take);
  return () => {
    if (takers.get(name) === take) takers.delete(name);
  };
}

export function go(name: Zone): void {
  takers.get(name)?.();
}

/** Whether somebody has the keyboard in a field: what they type must not end up elsewhere. */
export function writing(): boolean {
  return document.activeElement?.matches("input, textarea, select") ?? false;
}
