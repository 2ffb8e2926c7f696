/**
 * All keys of the console. A component binds its keys while it is there; of two bindings the later one counts.
 *
 * While an input method composes, no key does anything here. An order takes a chord with Alt or Ctrl, or a function key:
 * never Enter alone, never a bare digit.
 */

import { untrack } from "svelte";

export interface Binding {
  /** "Alt+1", "Ctrl+K", "F6", "Escape", "ArrowDown". */
  keys: string;
  /** What it does, for the list of keys; null leaves it out. */
  says: (() => string) | null;
  act: () => void;
  /** Bound only while this holds. */
  when?: () => boolean;
}

const COMPOSING = 229;

class Keys {
  #scopes = $state.raw<readonly (readonly Binding[])[]>([]);
  /** Bindings in force, the latest of each chord. */
  readonly bound: readonly Binding[] = $derived.by(() => {
    const latest = new Map<string, Binding>();
    for (const binding of this.#scopes.flat()) latest.set(binding.keys, binding);
    return [...latest.values()];
  });

  /** Bind while a component is there: `$effect(() => keys.bind([...]))`. */
  bind(bindings: readonly Binding[]): () => void {
    untrack(() => (this.#scopes = [...this.#scopes, bindings]));
    return () => untrack(() => (this.#scopes = this.#scopes.filter((scope) => scope !== bindings)));
  }

  /** True when the key did something; the browser then does nothing with it. */
  press(event: KeyboardEvent): boolean {
    if (event.isComposing || event.keyCode === COMPOSING) return false;
    const pressed = chordOf(event);
    const found = this.#scopes
      .flat()
      .findLast((binding) => binding.keys === pressed && (binding.when === undefined || binding.when()));
    if (found === undefined) return false;
    event.preventDefault();
    // A key held down asks once.
    if (!event.repeat || pressed.startsWith("Arrow")) found.act();
    return true;
  }
}

/** With Alt or Ctrl the place of the key counts, not what the layout makes of it. */
export function chordOf(
  event: Pick<KeyboardEvent, "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey">,
): string {
  const held = event.altKey || event.ctrlKey || event.metaKey;
  const plain = /^(?:Digit|Key|Numpad(?=\d))(.)$/.exec(event.code)?.[1];
  const name = held && plain !== undefined ? plain : event.key;
  return [
    event.ctrlKey || event.metaKey ? "Ctrl+" : "",
    event.altKey ? "Alt+" : "",
    event.shiftKey && held ? "Shift+" : "",
    name,
  ].join("");
}

/** Whether a key types something, so that it belongs to where text is written. */
export function types(event: Pick<KeyboardEvent, "key" | "altKey" | "ctrlKey" | "metaKey">): boolean {
  const [first, second] = event.key;
  return first !== undefined && second === undefined && !event.altKey && !event.ctrlKey && !event.metaKey;
}

export const keys = new Keys();
