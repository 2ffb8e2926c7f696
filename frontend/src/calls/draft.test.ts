import { describe, expect, it } from "vitest";
import { emptyDraft, isEmpty, seatName } from "./draft";

describe("a draft", () => {
  it("is empty until something but the language is known", () => {
    expect(isEmpty(emptyDraft("ug"))).toBe(true);
    expect(isEmpty({ ...emptyDraft("zh"), notes: "胸" })).toBe(false);
    expect(isEmpty({ ...emptyDraft("zh"), answers: { a: "yes" } })).toBe(false);
  });
});

describe("a seat", () => {
  it("keeps the name that was made for it", () => {
    const kept = new Map<string, string>();
    const store = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    const name = seatName(store);
    expect(name).toMatch(/^[A-Z2-9]{4}$/);
    expect(seatName(store)).toBe(name);
  });

  it("has some name where the browser keeps nothing", () => {
    const store = {
      getItem: (): string => {
        throw new Error("no storage");
      },
      setItem: () => undefined,
    };
    expect(seatName(store)).toBe("—");
  });
});
