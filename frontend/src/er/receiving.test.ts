import { expect, it } from "vitest";
import type { Schemas } from "../client/api";
import { foremost } from "./receiving";

const alert = (id: string, told: Partial<Schemas["PrealertOut"]> = {}): Schemas["PrealertOut"] =>
  ({
    id,
    patient_id: id,
    raised_at: "2026-11-27T03:00:00Z",
    acknowledged_at: null,
    withdrawn_at: null,
    ...told,
  }) as never;

it("puts urgent pre-alerts first, then who waits longest, and leaves out what is seen or withdrawn", () => {
  const all = [
    alert("young", { raised_at: "2026-11-27T03:01:00Z" }),
    alert("old"),
    alert("urgent", { raised_at: "2026-11-27T03:02:00Z" }),
    alert("seen", { acknowledged_at: "2026-11-27T03:02:30Z" }),
    alert("gone", { withdrawn_at: "2026-11-27T03:02:30Z" }),
  ];
  const found = foremost(all, (id) => (id === "urgent" ? "high" : "medium"));
  expect(found.map(({ id }) => id)).toEqual(["urgent", "old", "young"]);
});
