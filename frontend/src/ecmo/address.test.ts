import { expect, it } from "vitest";
import { readAsked, writeAsked } from "./address";

const ID = "0199a000-0000-7000-8000-000000000001";

it.each([
  "",
  `#${ID}`,
  `#${ID}/plan`,
  `#${ID}/live`,
  `#${ID}/team`,
  "#new",
  "#stores",
  `#new/patient/${ID}`,
  `#new/incident/${ID}`,
  `#new/draft/${ID}`,
])("leads back from %s", (hash) => expect(writeAsked(readAsked(hash))).toBe(hash));

it("takes what it does not know for the list", () => {
  for (const hash of ["#x", "#stores/kit", `#${ID}/crew`, `#new/other/${ID}`, "#new/patient/1"])
    expect(readAsked(hash)).toEqual({ requestId: null, tab: "request", stores: false, begins: "none", of: null });
});
