import encodeQR from "qr";
import { expect, test } from "vitest";
import { textIn } from "./qr";

/** A code as a camera sees it: so many pixels to a module, grey on grey, with room around it. */
function seen(text: string, module = 4): { width: number; height: number; data: Uint8ClampedArray<ArrayBuffer> } {
  const rows = encodeQR(text, "raw", { border: 4 });
  const side = rows.length * module;
  const data = new Uint8ClampedArray(side * side * 4);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const dark = rows[Math.floor(y / module)]?.[Math.floor(x / module)] ?? false;
      data.set(dark ? [40, 40, 45, 255] : [200, 205, 200, 255], 4 * (y * side + x));
    }
  return { width: side, height: side, data };
}

test("a card's code is read from pixels, with Chinese in it", async () => {
  const text = "TARIM-CARD|1|张三（示例）|110105194912310021";
  expect(await textIn(seen(text))).toBe(text);
});

test("where there is no code none is seen", async () => {
  expect(await textIn({ width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4).fill(128) })).toBeNull();
});
