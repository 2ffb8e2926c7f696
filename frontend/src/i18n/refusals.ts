/** Why the service did not take something, in the chosen language: by its stable code, never in its own words. */

import { i18n } from "./index.svelte";

/** `code`: "" where no answer came. */
export function refusalWords(code: string): string {
  const { refusals, otherRefusal, unanswered } = i18n.t.acts;
  if (code === "") return unanswered;
  return (refusals as Readonly<Record<string, string | undefined>>)[code] ?? otherRefusal(code);
}
