/**
 * A phone sold here has Chinese letters of its own, so the two megabytes of them that the console brings are left out; it
 * may lack Uyghur ones, which are small.
 */

import arabic400 from "@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-400-normal.woff2?url";
import arabic700 from "@fontsource/noto-sans-arabic/files/noto-sans-arabic-arabic-700-normal.woff2?url";
import { ARABIC } from "../ui/arabic";

const faces = [
  new FontFace("Noto Sans Arabic", `url(${arabic400})`, { weight: "400", display: "swap", unicodeRange: ARABIC }),
  new FontFace("Noto Sans Arabic", `url(${arabic700})`, { weight: "700", display: "swap", unicodeRange: ARABIC }),
];

/** Loads them; kept once both are here, or have failed: then the phone's own are drawn. */
export const arabicLoaded: Promise<void> = (async () => {
  for (const face of faces) document.fonts.add(face);
  await Promise.allSettled(faces.map((face) => face.load()));
})();
