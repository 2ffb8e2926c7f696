/**
 * Which build of the console this page is, and whether the service has another by now. A console that is not the
 * service's own may misread it, so it sends nothing more; it loads itself anew as soon as nothing is in hand.
 */

/** Of a page, this one without another; "" in development: there is nothing to compare. */
export function buildOf(page: Document = document): string {
  return page.querySelector<HTMLMetaElement>('meta[name="tarim-build"]')?.content ?? "";
}

/** The build that this tab was loaded anew for: it is not done twice, should the new page not come. */
const LOADED_FOR = "tarim.loaded-for";

class Build {
  /** The service's own console, where that is another than this one. */
  served = $state<string | null>(null);

  /** Load the service's own console, unless that was tried. */
  reload(): void {
    if (this.served === null || sessionStorage.getItem(LOADED_FOR) === this.served) return;
    sessionStorage.setItem(LOADED_FOR, this.served);
    location.reload();
  }

  /** Ask the service: whenever a link to it begins, for it may be another one by then. */
  async look(): Promise<void> {
    const own = buildOf();
    if (own === "") return;
    try {
      const answer = await fetch(location.pathname, { cache: "no-store" });
      const served = answer.ok ? buildOf(new DOMParser().parseFromString(await answer.text(), "text/html")) : "";
      if (served !== "") this.served = served === own ? null : served;
    } catch {
      // It went away again; the next link asks.
    }
  }
}

export const build = new Build();
