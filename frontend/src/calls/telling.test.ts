// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { emptyDraft, type DraftBody } from "./draft";
import { Sending } from "./sending.svelte";
import { Telling } from "./telling";

const INCIDENT = "0198c0de-0000-7000-8000-000000000201";
const PATIENT = "0198c0de-0000-7000-8000-000000000301";

let asked: [string, string, unknown][];
/** The version that the service has of the patient. */
let version: number;

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

async function answered(request: Request): Promise<Response> {
  const body = (await request.json()) as { version?: number };
  asked.push([request.method, new URL(request.url).pathname, body]);
  if (body.version !== undefined && body.version !== version) {
    return json(409, { code: "patient.outdated", detail: "", status: 409, current: { version } });
  }
  version += 1;
  return json(200, { id: PATIENT, version });
}

beforeEach(() => {
  asked = [];
  version = 0;
  vi.stubGlobal("fetch", answered);
});
afterEach(() => vi.unstubAllGlobals());

const typed = (change: Partial<DraftBody>): DraftBody => ({ ...emptyDraft("zh"), ...change });
const one = (sex: "male" | "female" | "unknown"): Partial<DraftBody> => ({
  patients: [{ sex, age_years: null, words: "" }],
});

it("records a patient once and corrects him from then on", async () => {
  const sending = new Sending();
  const telling = new Telling(INCIDENT, sending);
  telling.patient(typed({}));
  telling.patient(typed(one("male")));
  await vi.waitFor(() => expect(sending.waiting).toBe(0));
  telling.patient(typed({ ...one("female"), answers: { i: 58 } }));
  await vi.waitFor(() => expect(sending.waiting).toBe(0));
  expect(asked).toEqual([
    ["POST", `/api/incidents/${INCIDENT}/patients`, { sex: "male", age_years: null }],
    ["PATCH", `/api/patients/${PATIENT}`, { version: 1, sex: "female", age_years: 58 }],
  ]);
});

it("says so when somebody else has described the patient meanwhile, and counts again when told once more", async () => {
  const sending = new Sending();
  const telling = new Telling(INCIDENT, sending, { id: PATIENT, version: 3 });
  version = 5;
  telling.patient(typed(one("male")));
  await vi.waitFor(() => expect(sending.refused).not.toBeNull());
  expect(version).toBe(5);
  telling.patient(typed(one("male")));
  await vi.waitFor(() => expect(version).toBe(6));
});

it("tells how many are concerned, never that nobody has said", async () => {
  const sending = new Sending();
  const telling = new Telling(INCIDENT, sending);
  telling.people(typed({}));
  telling.people(typed({ people: 3 }));
  await vi.waitFor(() => expect(sending.waiting).toBe(0));
  expect(asked).toEqual([["PATCH", `/api/incidents/${INCIDENT}`, { version: 1, people: 3 }]]);
});
