// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import { chordOf, keys, types } from "./keys.svelte";

const pressed = (init: KeyboardEventInit): KeyboardEvent => new KeyboardEvent("keydown", { cancelable: true, ...init });
const ALT_1 = { key: "¡", code: "Digit1", altKey: true };

describe("a chord", () => {
  it("is told by the place of the key where Alt or Ctrl is held", () => {
    expect(chordOf(pressed(ALT_1))).toBe("Alt+1");
    expect(chordOf(pressed({ key: "к", code: "KeyK", ctrlKey: true }))).toBe("Ctrl+K");
    expect(chordOf(pressed({ key: "F6", code: "F6" }))).toBe("F6");
  });
});

describe("keys", () => {
  it("do what was bound last, until it is gone", () => {
    const [below, above] = [vi.fn(), vi.fn()];
    const free = [keys.bind([{ keys: "Alt+1", says: null, act: below }])];
    free.push(keys.bind([{ keys: "Alt+1", says: null, act: above }]));
    const event = pressed(ALT_1);
    expect(keys.press(event)).toBe(true);
    expect(event.defaultPrevented).toBe(true);
    free.pop()?.();
    keys.press(pressed(ALT_1));
    free.pop()?.();
    expect(keys.press(pressed(ALT_1))).toBe(false);
    expect([below.mock.calls.length, above.mock.calls.length]).toEqual([1, 1]);
  });

  it("do nothing while an input method composes", () => {
    const act = vi.fn();
    const free = keys.bind([{ keys: "Alt+1", says: null, act }]);
    expect(keys.press(pressed({ ...ALT_1, isComposing: true }))).toBe(false);
    expect(keys.press(pressed({ ...ALT_1, keyCode: 229 }))).toBe(false);
    expect(act).not.toHaveBeenCalled();
    free();
  });

  it("held down ask once", () => {
    const act = vi.fn();
    const free = keys.bind([{ keys: "Alt+1", says: null, act }]);
    keys.press(pressed(ALT_1));
    keys.press(pressed({ ...ALT_1, repeat: true }));
    expect(act).toHaveBeenCalledTimes(1);
    free();
  });

  it("that are not in force are passed by", () => {
    const act = vi.fn();
    const free = keys.bind([{ keys: "Alt+1", says: null, act, when: () => false }]);
    expect(keys.press(pressed(ALT_1))).toBe(false);
    free();
  });
});

it("knows what types", () => {
  expect(types(pressed({ key: "派" }))).toBe(true);
  expect(types(pressed({ key: "𠮷" }))).toBe(true);
  expect(types(pressed({ key: "Enter" }))).toBe(false);
  expect(types(pressed({ key: "a", ctrlKey: true }))).toBe(false);
});
