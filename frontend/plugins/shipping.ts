/** What is written beside the built files: their compressed forms, and the licences of all that is in them. */

import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(js|mjs|css|html|svg|json|txt)$/;
const SMALLEST_BYTES = 1_024;
/** Not kept beforehand: nobody needs it to work. The font of rare characters is fetched when one is to be drawn. */
const OWN_TIME = /\/licences\.txt$|\.(br|gz|ttf)$/;

/** Every text file also as .gz and .br, so that the service never compresses. */
export function compressed(): Plugin {
  return {
    name: "tarim-compressed",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle): void {
        for (const [name, file] of Object.entries(bundle)) {
          if (!TEXT.test(name)) continue;
          const bytes = Buffer.from(file.type === "chunk" ? file.code : file.source);
          if (bytes.length < SMALLEST_BYTES) continue;
          const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
          this.emitFile({ type: "asset", fileName: `${name}.br`, source: brotliCompressSync(bytes, quality) });
          this.emitFile({ type: "asset", fileName: `${name}.gz`, source: gzipSync(bytes, { level: 9 }) });
        }
      },
    },
  };
}

/** The licence texts of the packages that end up in the browser, as one file. Fails if one has none. */
export function licences(packages: readonly string[]): Plugin {
  return {
    name: "tarim-licences",
    apply: "build",
    generateBundle(): void {
      const texts = packages.flatMap((name) => {
        const folder = join("node_modules", name);
        const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
        // A package of a font may have two: its own and the font's.
        const files = readdirSync(folder).filter((entry) => /^licen[cs]e/i.test(entry));
        if (files.length === 0) throw new Error(`${name} has no licence text`);
        return files.map((file) => `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`);
      });
      this.emitFile({ type: "asset", fileName: "assets/licences.txt", source: texts.join(`\n${"-".repeat(78)}\n\n`) });
    },
  };
}

/** A page with a service worker of its own. `keptAs`: the beginning of the name under which its files are kept. */
export interface Page {
  html: string;
  path: string;
  worker: string;
  keptAs: string;
}

interface Built {
  imports?: string[];
  dynamicImports?: string[];
  viteMetadata?: { importedCss: Set<string>; importedAssets: Set<string> };
}

/** All files that a page can come to need: what it imports, now or later, with their styles, fonts and pictures. */
function reached(bundle: Readonly<Record<string, unknown>>, entry: string): Set<string> {
  const found = new Set<string>();
  const look = [entry];
  for (let name = look.pop(); name !== undefined; name = look.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const { imports = [], dynamicImports = [], viteMetadata } = (bundle[name] ?? {}) as Built;
    look.push(
      ...imports,
      ...dynamicImports,
      ...(viteMetadata?.importedCss ?? []),
      ...(viteMetadata?.importedAssets ?? []),
    );
  }
  return found;
}

/**
 * The service worker of each page, with the files that it keeps; and the pages' build, by which one finds that it is old.
 * Every file's name has a hash of what is in it, so all names together tell one build from another. The first page keeps
 * all files but those that only others need; the others keep their own.
 */
export function shell(pages: readonly Page[]): Plugin {
  const SOURCE = "sw.js";
  const BUILD = (names: readonly string[]): string =>
    createHash("sha256").update(names.toSorted().join("\n")).digest("hex").slice(0, 16);
  const shipped = (bundle: Readonly<Record<string, unknown>>): string[] =>
    Object.keys(bundle).filter((name) => name.startsWith("assets/") && !OWN_TIME.test(name));
  return {
    name: "tarim-shell",
    apply: "build",
    buildStart(): void {
      this.emitFile({ type: "chunk", id: "src/offline/worker.ts", fileName: SOURCE });
    },
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle = {} }) => [
        { tag: "meta", attrs: { name: "tarim-build", content: BUILD(shipped(bundle)) }, injectTo: "head" },
      ],
    },
    generateBundle(_options, bundle): void {
      const worker = bundle[SOURCE];
      if (worker?.type !== "chunk") throw new Error("there is no service worker");
      // As a classic script it can import nothing: what the page imports too would be a chunk of its own.
      if (worker.imports.length > 0) throw new Error(`the service worker imports ${worker.imports.join(", ")}`);
      const all = shipped(bundle);
      const entryOf = (html: string): string => {
        const chunks = Object.values(bundle).flatMap((one) => (one.type === "chunk" && one.isEntry ? [one] : []));
        const entry = chunks.find((one) => basename(one.facadeModuleId ?? "") === html);
        if (entry === undefined) throw new Error(`${html} was not built`);
        return entry.fileName;
      };
      const needed = new Map(pages.map(({ html }) => [html, reached(bundle, entryOf(html))]));
      const { code } = worker;
      const [first, ...others] = pages;
      for (const { html, path, worker: name, keptAs } of pages) {
        const mine = needed.get(html) ?? new Set();
        const theirs = (file: string): boolean => others.some((one) => needed.get(one.html)?.has(file) === true);
        const files = all.filter((file) => mine.has(file) || (html === first?.html && !theirs(file)));
        const told = JSON.stringify({ build: BUILD(all), page: path, keptAs, files: files.map((file) => `/${file}`) });
        const source = `const SHELL = ${told};\n${code}`;
        if (name === SOURCE) worker.code = source;
        else this.emitFile({ type: "asset", fileName: name, source });
      }
    },
  };
}

/** What lets a phone install a page: its name, its colours and the pictures that the page itself links to. */
export function manifest(fileName: string, told: Readonly<Record<string, unknown>>, icons: readonly string[]): Plugin {
  return {
    name: "tarim-manifest",
    apply: "build",
    generateBundle(_options, bundle): void {
      const linked = icons.map((icon) => {
        const file = Object.values(bundle).find((one) => one.type === "asset" && one.names.includes(icon));
        if (file === undefined) throw new Error(`no page links to ${icon}`);
        const size = /(\d+)\.png$/.exec(icon)?.[1] ?? "0";
        return { src: `/${file.fileName}`, sizes: `${size}x${size}`, type: "image/png", purpose: "any" };
      });
      this.emitFile({ type: "asset", fileName, source: JSON.stringify({ ...told, icons: linked }) });
    },
  };
}
