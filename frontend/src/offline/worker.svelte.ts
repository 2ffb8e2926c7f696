/** The service worker as the page sees it: whether this seat can be loaded anew while the service is away. */

import { buildOf } from "./build.svelte";

class Reloading {
  /**
   * Null while that is being found out. False where the browser lets no worker in: it does so only over TLS with a
   * certificate that it trusts, or on the service's own machine.
   */
  ready = $state<boolean | null>(null);

  /** `script`, `scope`: the worker of another page than the console's. */
  async prepare(script = "/sw.js", scope = "/"): Promise<void> {
    if (buildOf() === "") return;
    try {
      await navigator.serviceWorker.register(script, { scope, updateViaCache: "none" });
      await navigator.serviceWorker.ready;
      this.ready = true;
    } catch {
      this.ready = false;
    }
  }
}

export const reloading = new Reloading();
