import { expect, it } from "vitest";
import { NoAnswer, Refusal } from "../client/api";
import { i18n } from "./index.svelte";
import { refusalWords, refusedWords, troubleWords } from "./refusals";

const problem = { type: "", title: "", status: 409, detail: "In its own words.", instance: "", hint: "", errors: [] };

it.each([
  [
    "zh",
    "来电已归到一个事件",
    "优先级:与现状不符,请看清后再试 (priority.of_tomorrow)",
    "未执行:服务暂不可用,请稍候再试 (new.code)",
  ],
  [
    "en",
    "The call belongs to an incident already",
    "Priority: it does not fit what is there now: look, then try again (priority.of_tomorrow)",
    "Not done: the service cannot now: try again shortly (new.code)",
  ],
] as const)("tells a refusal in the language of the screen: %s", (language, own, subject, bare) => {
  i18n.language = language;
  expect(refusalWords("call.linked", 409)).toBe(own);
  expect(refusalWords("priority.of_tomorrow", 409)).toBe(subject);
  expect(refusalWords("new.code", 503)).toBe(bare);
  i18n.language = "zh";
});

it("never shows the service's own words", () => {
  expect(refusedWords(new Refusal(409, { ...problem, code: "call.linked" }))).toBe("来电已归到一个事件");
  expect(refusedWords(new NoAnswer(null))).toBe("");
  expect(troubleWords(new NoAnswer(null))).toBe("没有收到回答");
  expect(() => refusedWords(new Error("a bug"))).toThrow("a bug");
});
