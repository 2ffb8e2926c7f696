import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { compressed, licences, shell } from "./plugins/shipping.ts";

const SHIPPED = [
  "svelte",
  "maplibre-gl",
  "openapi-fetch",
  "@fontsource/noto-sans-sc",
  "@expo-google-fonts/noto-sans-sc",
  "@fontsource/noto-sans-arabic",
  "@fontsource/noto-sans-mono",
];

export default defineConfig({
  plugins: [svelte(), licences(SHIPPED), shell(), compressed()],
  build: {
    outDir: process.env.TARIM_CONSOLE_OUT ?? "../api/console/dist",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // MapLibre is one file of a megabyte, loaded when the map is.
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  worker: { format: "es" },
  // MapLibre 6 is ES modules only, and its worker is a file of its own.
  optimizeDeps: { exclude: ["maplibre-gl"] },
  server: { proxy: { "/api": { target: "http://127.0.0.1:8000", ws: true } } },
});
