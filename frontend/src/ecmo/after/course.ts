/** The course of a transfer in words, and its times as bars beside their targets. */

import type { Schemas } from "../../client/api";
import type { EcmoTexts } from "../words.svelte";

type Course = Schemas["EcmoCourseOut"];
type Kpi = Schemas["EcmoKpiOut"];
type Named = Readonly<Record<string, string | undefined>>;

/** What can become of the patient by each moment. */
export const OUTCOMES = {
  h24: ["on_circuit", "off_circuit", "died", "unknown"],
  discharge: ["home", "transferred", "died", "unknown"],
} as const;
export const MOMENTS = ["h24", "discharge"] as const;

const of = (names: object, code: string): string => (names as Named)[code] ?? code;

/** How or which, in words; "" where `what` says all. place: the name of its centre, "" where it has none. */
export function detailOf({ what, code, detail }: Omit<Course, "hospital">, t: EcmoTexts, place: string): string {
  const join = (...parts: readonly string[]): string => parts.filter((one) => one !== "").join(" · ");
  const how = of(t.after.how, detail);
  switch (what) {
    case "state":
      return of(t.missionCodes.missionStates, code);
    case "gate":
      return join(of(t.missionCodes.checklists, code), how);
    case "promise":
      return join(of(t.missionCodes.promises, code), how);
    case "plan":
      return of(t.missionCodes.planKinds, code);
    case "decision":
      return join(of(t.after.decisions, code), of(t.codes.declineReasons, detail), place);
    case "outcome":
      return join(of(t.after.moments, code), of(t.after.outcomes, detail));
    case "ended":
      return join(of(t.codes.requestStates, code), of(t.codes.withdrawals, detail));
    case "asked":
      return of(t.codes.modes, code);
    case "adverse": {
      // Its code is category.severity.item, as it is counted; it stands behind the words.
      const [, severity = "", item = ""] = code.split(".");
      const { items, severities } = t.live.adverse;
      return join(of(items, item), of(severities, severity), of(t.missionCodes.missionStates, detail), code);
    }
    case "begun":
      return "";
    default:
      return join(place, code, detail);
  }
}

/** Whether what happened asks to be looked at: a gate passed with items open, an adverse event. */
export function isGrave({ what, detail }: Pick<Course, "what" | "detail">): boolean {
  return what === "adverse" || (what === "gate" && detail !== "closed");
}

/** How long a bar is, and where its target stands, in per cent of the widest; null: nothing is drawn. */
export function barOf({ minutes, target_min }: Kpi): { filled: number; target: number | null } | null {
  if (minutes === null) return null;
  const widest = Math.max(minutes, (target_min ?? 0) * 1.25, 1);
  return { filled: (100 * minutes) / widest, target: target_min === null ? null : (100 * target_min) / widest };
}

/** The address of the mission's report; reason: null without patient data. */
export function reportOf(missionId: string, language: string, reason: string | null): string {
  const query = new URLSearchParams({ language });
  if (reason !== null) query.set("reason", reason);
  return `/api/ecmo/missions/${missionId}/report?${query.toString()}`;
}
