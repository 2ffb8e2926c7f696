// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, type AST } from "svelte/compiler";
import { expect, it } from "vitest";

const SOURCES = join(import.meta.dirname, "..");
/** Names without a style: the tests in a browser find a part by them. */
const HOOKS = new Set(["caller", "print"]);
const GLOBAL = /:global\((?:[^()]|\([^()]*\))*\)/g;
const files = (end: string): string[] =>
  readdirSync(SOURCES, { recursive: true, encoding: "utf-8" }).filter((name) => name.endsWith(end));
const read = (name: string): string => readFileSync(join(SOURCES, name), "utf-8");
const classesOf = (css: string): string[] => [...css.matchAll(/\.([a-z][\w-]*)/gi)].map(([, name]) => name ?? "");

/** Class names that a template can give to an element. */
function given(node: unknown, inClass = false): string[] {
  if (Array.isArray(node)) return node.flatMap((one) => given(one, inClass));
  if (typeof node !== "object" || node === null) return [];
  const one = node as Record<string, unknown> & { type?: string; name?: string };
  if (one.type === "Attribute" && one.name === "class") return given(one["value"], true);
  if (inClass && one.type === "Text") return words(String(one["data"]));
  if (inClass && one.type === "Literal" && typeof one["value"] === "string") return words(one["value"]);
  // What decides is not what is given.
  const { test: _, ...rest } = one;
  if (inClass && one.type === "LogicalExpression") return given(one["right"], true);
  if (inClass && (one.type === "BinaryExpression" || one.type === "CallExpression")) return [];
  return Object.entries(inClass ? rest : one).flatMap(([key, value]) => (key === "css" ? [] : given(value, inClass)));
}

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean);

it("gives no element a class that has no style", () => {
  const everywhere = new Set([
    ...files(".css").flatMap((name) => classesOf(read(name))),
    // What a component styles in what it is given.
    ...files(".svelte").flatMap((name) => read(name).match(GLOBAL)?.flatMap(classesOf) ?? []),
  ]);
  const told: Record<string, string[]> = {};
  for (const name of files(".svelte")) {
    const source = read(name);
    const tree: AST.Root = parse(source, { modern: true });
    const own = tree.css === null ? "" : source.slice(tree.css.start, tree.css.end);
    const styled = new Set(classesOf(own));
    const bare = given(tree.fragment).filter((one) => !(styled.has(one) || everywhere.has(one) || HOOKS.has(one)));
    if (bare.length > 0) told[name] = [...new Set(bare)];
  }
  expect(told).toEqual({});
});
