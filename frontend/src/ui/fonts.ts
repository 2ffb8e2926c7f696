/**
 * The console's own fonts: a dispatch room may have no internet, and a map must not draw before they are here.
 *
 * The small Noto Sans SC holds more than the characters of daily use: 喆 and 堃 of names are in it. What it lacks, as 䶮, is
 * drawn by the whole font (10 MB, 30,000 characters), which the browser fetches when such a character is first to be drawn;
 * what that lacks too, by what the computer has.
 */

import whole400 from "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf?url";
import arabic400 from "@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-400-normal.woff2?url";
import arabic700 from "@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-700-normal.woff2?url";
import mono400 from "@fontsource/noto-sans-mono/files/noto-sans-mono-latin-400-normal.woff2?url";
import chinese400 from "@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff2?url";
import chinese700 from "@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-700-normal.woff2?url";
import { ARABIC } from "./arabic";

/** Where Chinese characters stand: what is written with others never asks for the whole font. */
const HAN = "U+2E80-2FDF, U+3400-4DBF, U+4E00-9FFF, U+F900-FAFF, U+20000-323AF";

const whole = new FontFace("Noto Sans SC Whole", `url(${whole400})`, {
  weight: "400 700",
  display: "swap",
  unicodeRange: HAN,
});
const faces = [
  new FontFace("Noto Sans SC", `url(${chinese400})`, { weight: "400", display: "swap" }),
  new FontFace("Noto Sans SC", `url(${chinese700})`, { weight: "700", display: "swap" }),
  new FontFace("Noto Sans Arabic", `url(${arabic400})`, { weight: "400", display: "swap", unicodeRange: ARABIC }),
  new FontFace("Noto Sans Arabic", `url(${arabic700})`, { weight: "700", display: "swap", unicodeRange: ARABIC }),
  new FontFace("Noto Sans Mono", `url(${mono400})`, { weight: "400", display: "swap" }),
];

/**
 * Loads them; kept once all are here, or have failed: then the computer's fonts are drawn. Only then is the whole font
 * told of, lest it be fetched for what the small one is about to bring.
 */
export const fontsLoaded: Promise<void> = (async () => {
  for (const face of faces) document.fonts.add(face);
  await Promise.allSettled(faces.map((face) => face.load()));
  document.fonts.add(whole);
})();
