import { mergeConfig } from "vite";
import { defineConfig } from "vitest/config";
import vite from "./vite.config.ts";

export default mergeConfig(
  vite,
  defineConfig({
    resolve: { conditions: ["browser"] },
    test: {
      include: ["src/**/*.test.ts"],
      restoreMocks: true,
      unstubGlobals: true,
      // All files of a worker share what they import: importing it anew for each took four fifths of the time.
      isolate: false,
      // A guard against what hangs, not a measure.
      testTimeout: 120_000,
    },
  }),
);
