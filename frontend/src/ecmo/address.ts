/** What the page shows, as it stands in the address: a request and a tab, or kit and duties. No address tells who somebody is. */

export const TABS = ["request", "plan", "live", "team", "after"] as const;
export type Tab = (typeof TABS)[number];

export interface Asked {
  /** Null: the list of requests. */
  requestId: string | null;
  tab: Tab;
  /** Kit and duties, which belong to no request. */
  stores: boolean;
  /** A form to fill in, begun from nothing, from a patient of an emergency room, a dispatcher's incident, or a draft. */
  begins: "none" | "new" | "patient" | "incident" | "draft";
  /** That patient, incident or draft. */
  of: string | null;
}

const OPENED = new RegExp(`^#([0-9a-f-]{36})(?:/(${TABS.join("|")}))?$`);
const BEGUN = /^#new(?:\/(patient|incident|draft)\/([0-9a-f-]{36}))?$/;
const NOTHING: Asked = { requestId: null, tab: "request", stores: false, begins: "none", of: null };
const STORES = "#stores";

export function readAsked(hash: string): Asked {
  const opened = OPENED.exec(hash);
  if (opened !== null) return { ...NOTHING, requestId: opened[1] ?? null, tab: (opened[2] ?? "request") as Tab };
  if (hash === STORES) return { ...NOTHING, stores: true };
  const begun = BEGUN.exec(hash);
  if (begun === null) return NOTHING;
  return { ...NOTHING, begins: (begun[1] ?? "new") as Asked["begins"], of: begun[2] ?? null };
}

export function writeAsked({ requestId, tab, stores, begins, of }: Asked): string {
  if (requestId !== null) return tab === "request" ? `#${requestId}` : `#${requestId}/${tab}`;
  if (stores) return STORES;
  if (begins === "none") return "";
  return of === null ? "#new" : `#new/${begins}/${of}`;
}
