/**
 * The console's own fonts: a dispatch room may have no internet, and a map must not draw before they are here.
 *
 * Noto Sans SC holds far more than the characters of daily use: 喆 and 堃 of names are in it. What it lacks, as 䶮 (Extension
 * A), is drawn by what the computer has.
 */

import arabic400 from "@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-400-normal.woff2?url";
import arabic700 from "@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-700-normal.woff2?url";
import mono400 from "@fontsource/noto-sans-mono/files/noto-sans-mono-latin-400-normal.woff2?url";
import chinese400 from "@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff2?url";
import chinese700 from "@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-700-normal.woff2?url";

const ARABIC =
  "U+0600-06FF, U+0750-077F, U+0870-08FF, U+200C-200E, U+2010-2011, U+204F, U+2E41, U+FB50-FDFF, U+FE70-FEFF";

const faces = [
  new FontFace("Noto Sans SC", `url(${chinese400})`, { weight: "400", display: "swap" }),
  new FontFace("Noto Sans SC", `url(${chinese700})`, { weight: "700", display: "swap" }),
  new FontFace("Noto Sans Arabic", `url(${arabic400})`, { weight: "400", display: "swap", unicodeRange: ARABIC }),
  new FontFace("Noto Sans Arabic", `url(${arabic700})`, { weight: "700", display: "swap", unicodeRange: ARABIC }),
  new FontFace("Noto Sans Mono", `url(${mono400})`, { weight: "400", display: "swap" }),
];

/** Loads them; kept once all are here, or have failed: then the computer's fonts are drawn. */
export const fontsLoaded: Promise<void> = (async () => {
  for (const face of faces) document.fonts.add(face);
  await Promise.allSettled(faces.map((face) => face.load()));
})();
