import { expect, it } from "vitest";
import type { Schemas } from "../client/api";
import { foremost, unsignedOf, waitOf } from "./receiving";

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

it("counts how long a crew waits with its patient, and says when that is too long", () => {
  const told = { arrived_at: "2026-11-27T03:00:00Z", off_at: null, signed_at: null, closed_at: null, handed_at: null };
  const here = { ...told, wait_s: 900 } as Schemas["PatientHandoverOut"];
  const at = (minutes: number) => Date.parse("2026-11-27T03:00:00Z") + minutes * 60_000;
  expect(waitOf(here, at(9))).toEqual({ ms: 540_000, level: "runs" });
  expect(waitOf(here, at(10))?.level).toBe("near");
  expect(waitOf(here, at(15))?.level).toBe("late");
  expect(waitOf({ ...here, off_at: "2026-11-27T03:08:00Z" }, at(20))).toBeNull();
  expect(waitOf({ ...here, handed_at: "2026-11-27T03:08:00Z" }, at(20))).toBeNull();
  expect(waitOf({ ...here, arrived_at: null }, at(20))).toBeNull();
});

it("tells of whom a crew left without a signature, and when that is late", () => {
  const one = {
    handed_at: "2026-11-27T03:00:00Z",
    asked_at: "2026-11-27T03:00:01Z",
    signed_at: null,
    closed_at: null,
    sign_s: 600,
  } as Parameters<typeof unsignedOf>[0];
  const left = Date.parse("2026-11-27T03:00:00Z");
  expect(unsignedOf(one, left + 599_000)).toEqual({ ms: 599_000, late: false });
  expect(unsignedOf(one, left + 600_000)).toEqual({ ms: 600_000, late: true });
  expect(unsignedOf({ ...one, signed_at: "2026-11-27T03:05:00Z" }, left)).toBeNull();
  expect(unsignedOf({ ...one, asked_at: null }, left)).toBeNull();
});
