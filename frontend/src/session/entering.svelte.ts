/** Asking for a login: what is typed, whether it is being asked, and why it was refused. */

import { NoAnswer, Refusal } from "../client/api";
import { i18n } from "../i18n/index.svelte";
import { refusalWords } from "../i18n/refusals";
import { session } from "./session.svelte";

export class Entering {
  name = $state("");
  password = $state("");
  busy = $state(false);
  complaint = $state("");

  readonly submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    this.busy = true;
    this.complaint = "";
    try {
      await session.logIn(this.name, this.password);
    } catch (error) {
      this.complaint = explained(error);
      this.password = "";
    } finally {
      this.busy = false;
    }
  };
}

function explained(error: unknown): string {
  const t = i18n.t.session;
  if (error instanceof NoAnswer) return t.unreachable;
  if (!(error instanceof Refusal)) throw error;
  if (error.status === 401) return t.wrong;
  if (error.status === 429) return t.wait(/\d+/.exec(error.problem.detail)?.[0] ?? "…");
  return t.refused(refusalWords(error.code, error.status));
}
