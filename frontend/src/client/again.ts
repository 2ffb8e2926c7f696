/** What the console cannot do without is asked for until the service tells it. */

import { NoAnswer, Refusal } from "./api";

const AGAIN_MS = 5_000;

/** Load it now, and again every few seconds until that works. `tried` is called after the first time, whatever became of it. */
export function untilTold(load: () => Promise<void>, tried: () => void = () => undefined): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const attempt = async (): Promise<void> => {
    try {
      await load();
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
      if (!stopped) timer = setTimeout(() => void attempt(), AGAIN_MS);
    }
  };
  void attempt().finally(tried);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
