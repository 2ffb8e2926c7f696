/**
 * Reads codes: with the browser's own reader where it has one, else with a small one that is loaded when it is first
 * needed. Neither needs a link: the page's files are kept on the phone.
 */

/** What not every browser has. */
interface Detector {
  detect(image: ImageBitmapSource): Promise<{ rawValue: string }[]>;
}
type Maker = new (how: { formats: string[] }) => Detector;

/** Pixels of the longer side at which a picture is looked at: a photo shows a code far off, or one that fills it. */
const LOOKED_AT = [640, 1_280] as const;
/** How long a picture may be looked at; of a video the next one comes soon. Milliseconds. */
const [VIDEO_MS, PHOTO_MS] = [60, 300];

/** What a code in the picture says; null: none was seen. */
export async function codeIn(image: HTMLVideoElement | ImageBitmap): Promise<string | null> {
  const Made = maker();
  if (Made !== undefined) {
    const [found] = await new Made({ formats: ["qr_code"] }).detect(image);
    return found?.rawValue ?? null;
  }
  const isVideo = image instanceof HTMLVideoElement;
  const [width, height] = isVideo ? [image.videoWidth, image.videoHeight] : [image.width, image.height];
  if (width === 0 || height === 0) return null;
  for (const side of isVideo ? LOOKED_AT.slice(0, 1) : LOOKED_AT) {
    const scale = Math.min(1, side / Math.max(width, height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    if (pen === null) return null;
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    const text = await textIn(pen.getImageData(0, 0, canvas.width, canvas.height), isVideo ? VIDEO_MS : PHOTO_MS);
    if (text !== null) return text;
  }
  return null;
}

/** The same of RGBA pixels, without the browser's reader. */
export async function textIn(
  pixels: Pick<ImageData, "width" | "height" | "data">,
  timeLimit = PHOTO_MS,
): Promise<string | null> {
  const { decodeQR } = await import("qr/decode.js");
  try {
    return decodeQR(pixels, { timeLimit });
  } catch {
    // The reader throws where there is no code, or none that can be read.
    return null;
  }
}

function maker(): Maker | undefined {
  return (globalThis as { BarcodeDetector?: Maker }).BarcodeDetector;
}
