/** What is written beside the built files: their compressed forms, and the licences of all that is in them. */

import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
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

/**
 * The service worker, with the files that it keeps; and the page's build, by which a console finds that it is an old one.
 * Every file's name has a hash of what is in it, so all names together tell one build from another.
 */
export function shell(): Plugin {
  const BUILD = (names: readonly string[]): string =>
    createHash("sha256").update(names.toSorted().join("\n")).digest("hex").slice(0, 16);
  const shipped = (bundle: Readonly<Record<string, unknown>>): string[] =>
    Object.keys(bundle).filter((name) => name.startsWith("assets/") && !OWN_TIME.test(name));
  return {
    name: "tarim-shell",
    apply: "build",
    buildStart(): void {
      this.emitFile({ type: "chunk", id: "src/offline/worker.ts", fileName: "sw.js" });
    },
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle = {} }) => [
        { tag: "meta", attrs: { name: "tarim-build", content: BUILD(shipped(bundle)) }, injectTo: "head" },
      ],
    },
    generateBundle(_options, bundle): void {
      const files = shipped(bundle);
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") throw new Error("there is no service worker");
      // As a classic script it can import nothing: what the page imports too would be a chunk of its own.
      if (worker.imports.length > 0) throw new Error(`the service worker imports ${worker.imports.join(", ")}`);
      const told = JSON.stringify({ build: BUILD(files), files: files.map((name) => `/${name}`) });
      worker.code = `const SHELL = ${told};\n${worker.code}`;
    },
  };
}
