import { expect, it } from "vitest";
import { emptyDraft, type DraftBody } from "./draft";
import { merged } from "./merging";

const draft = (change: Partial<DraftBody>): DraftBody => ({ ...emptyDraft("zh"), ...change });

it("takes what the service has where nothing was typed here", () => {
  const base = draft({ phone: "1", notes: "一" });
  const theirs = draft({ phone: "1", caller: "甲", notes: "一\n二", answers: { a: "yes" } });
  expect(merged(base, base, theirs)).toEqual(theirs);
});

it("lays over it what was typed here since", () => {
  const base = draft({ phone: "1", notes: "一", answers: { a: "yes", b: "no" }, more: { scene: "门" } });
  const mine = draft({
    phone: "1",
    caller: "乙",
    notes: "一\n我",
    answers: { a: "no" },
    more: { scene: "门", meeting: "桥" },
  });
  const theirs = draft({
    phone: "2",
    caller: "甲",
    notes: "一\n他",
    answers: { a: "yes", b: "no", c: "yes" },
    more: { scene: "窗" },
  });
  expect(merged(base, mine, theirs)).toEqual(
    draft({
      phone: "2",
      caller: "乙",
      notes: "一\n他\n我",
      answers: { a: "no", c: "yes" },
      more: { scene: "窗", meeting: "桥" },
    }),
  );
});

it("never takes a line of notes away, and writes none twice", () => {
  const said = (notes: string): DraftBody => draft({ notes });
  expect(merged(said(""), said("我"), said("")).notes).toBe("我");
  expect(merged(said(""), said("同"), said("同")).notes).toBe("同");
  expect(merged(said("一"), said("一"), said("一\n二")).notes).toBe("一\n二");
});
