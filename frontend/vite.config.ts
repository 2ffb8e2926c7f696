import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";
import { compressed, licences, manifest, shell, type Page } from "./plugins/shipping.ts";

const SHIPPED = [
  "svelte",
  "maplibre-gl",
  "openapi-fetch",
  "idb",
  "qr",
  "@fontsource/noto-sans-sc",
  "@expo-google-fonts/noto-sans-sc",
  "@fontsource/noto-sans-arabic",
  "@fontsource/noto-sans-mono",
];

const PAGES: readonly Page[] = [
  { html: "index.html", path: "/", worker: "sw.js", keptAs: "tarim-shell-" },
  { html: "unit.html", path: "/unit", worker: "unit-sw.js", keptAs: "tarim-unit-shell-" },
];
const UNIT = {
  id: "/unit",
  name: "塔里木 车组 Tarim",
  short_name: "车组 120",
  lang: "zh",
  start_url: "/unit",
  scope: "/unit",
  display: "standalone",
  background_color: "#10151a",
  theme_color: "#10151a",
};
const UNIT_ICONS = ["unit-192.png", "unit-512.png"];

export default defineConfig({
  plugins: [svelte(), licences(SHIPPED), shell(PAGES), manifest("unit.webmanifest", UNIT, UNIT_ICONS), compressed()],
  build: {
    outDir: process.env.TARIM_CONSOLE_OUT ?? "../api/console/dist",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // MapLibre is one file of a megabyte, loaded when the map is.
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: {
      input: PAGES.map(({ html }) => html),
      checks: { pluginTimings: false },
    },
  },
  worker: { format: "es" },
  // MapLibre 6 is ES modules only, and its worker is a file of its own.
  optimizeDeps: { exclude: ["maplibre-gl"] },
  server: { proxy: { "/api": { target: "http://127.0.0.1:8000", ws: true } } },
});
