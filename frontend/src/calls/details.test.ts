// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { finishNote, unfinishedNote, writeNote } from "./details";
import { isEmpty } from "./draft";
import { noteOf } from "./noting";
import { taking } from "./taking.svelte";

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.reject(new Error("no service")));
  taking.begin();
});
afterEach(() => {
  taking.release();
  vi.unstubAllGlobals();
});

it("keeps a note that is not finished in the draft, and makes one line of it", () => {
  writeNote("出冷");
  writeNote("出冷汗");
  expect(unfinishedNote()).toBe("出冷汗");
  expect(isEmpty(taking.body)).toBe(false);
  expect(taking.body.notes).toBe("");
  finishNote();
  expect([unfinishedNote(), taking.body.notes]).toEqual(["", "出冷汗"]);
  finishNote();
  expect(taking.body.notes).toBe("出冷汗");
  writeNote("x");
  writeNote("");
  expect(taking.body.more).toEqual({});
});

it("writes how many are concerned into a note only where the incident is not told itself", () => {
  taking.change({ notes: "车祸", people: 3 });
  expect(noteOf(taking.body)).toBe("车祸");
  expect(noteOf(taking.body, { people: true })).toBe("车祸\n人数: 3");
});
