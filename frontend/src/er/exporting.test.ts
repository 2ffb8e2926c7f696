import { afterEach, expect, test, vi } from "vitest";
import { nameOf } from "../client/files";
import { address, take, type Asked } from "./exporting";

const ASKED: Asked = {
  patientId: "p",
  form: "fhir",
  reason: "care",
  language: "ug",
  stripMs: Date.UTC(2026, 10, 27, 3),
};

afterEach(() => vi.unstubAllGlobals());

function answering(answer: () => Response | Promise<Response>): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (url: string) => {
    asked.push(url);
    return Promise.resolve(answer());
  });
  return asked;
}

test("only a printed ECG names its ten seconds, only paper its language", () => {
  expect(address(ASKED)).toBe("/api/patients/p/export/fhir?reason=care");
  expect(address({ ...ASKED, form: "pdf" })).toBe("/api/patients/p/export/pdf?reason=care&language=ug");
  const ecg = new URL(address({ ...ASKED, form: "ecg" }), "http://here");
  expect(Object.fromEntries(ecg.searchParams)).toEqual({
    reason: "care",
    language: "ug",
    from: "2026-11-27T03:00:00.000Z",
    until: "2026-11-27T03:00:10.000Z",
  });
});

test("a file is kept under the name that the service gives, and under none that leads elsewhere", () => {
  expect(nameOf('attachment; filename="2026-000417-1.zip"', "wfdb")).toBe("2026-000417-1.zip");
  expect(nameOf('attachment; filename="../x"', "wfdb")).toBe("wfdb");
  expect(nameOf(null, "pdf")).toBe("pdf");
});

test("what comes is counted and kept whole", async () => {
  const headers = { "content-type": "application/zip", "content-disposition": 'attachment; filename="a.zip"' };
  const asked = answering(() => new Response("samples", { headers }));
  const counted: number[] = [];
  const taken = await take({ ...ASKED, form: "wfdb" }, (bytes) => counted.push(bytes), "no answer");
  expect(asked).toEqual(["/api/patients/p/export/wfdb?reason=care"]);
  expect(counted.at(-1)).toBe(7);
  if ("refused" in taken) throw new Error(taken.refused);
  expect([taken.name, taken.file.type, await taken.file.text()]).toEqual(["a.zip", "application/zip", "samples"]);
});

test("a refusal is told in words, and so is silence", async () => {
  answering(() => Response.json({ code: "export.no_ecg", detail: "No ECG" }, { status: 404 }));
  expect(await take(ASKED, () => undefined, "no answer")).toEqual({ refused: "该患者在此时段内没有心电图" });
  answering(() => Promise.reject(new TypeError("failed to fetch")));
  expect(await take(ASKED, () => undefined, "no answer")).toEqual({ refused: "no answer" });
});
