// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from "vitest";
import { visit } from "./visiting";

const at = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(id);
  return found;
};
const here = (): string => document.activeElement?.id ?? "";

beforeEach(() => {
  document.body.innerHTML = `<button id="row"></button><form id="form"><input id="first" /><input id="next" /></form><p><button id="else"></button></p>`;
});
afterEach(() => {
  document.body.innerHTML = "";
});

it("goes into a form, and back to where it came from when the form is gone", () => {
  at("row").focus();
  const back = visit(at("form"), "input");
  expect(here()).toBe("first");
  at("next").focus();
  at("form").remove();
  back();
  expect(here()).toBe("row");
});

it("goes back also before the form is taken away", () => {
  at("row").focus();
  const back = visit(at("form"), "input");
  back();
  expect(here()).toBe("row");
});

it("stays where somebody went meanwhile, and is at a loss for nothing that is gone", () => {
  at("row").focus();
  const back = visit(at("form"), "input");
  at("else").focus();
  back();
  expect(here()).toBe("else");
  const again = visit(at("form"), "input");
  at("else").remove();
  again();
  expect(here()).toBe("first");
});
