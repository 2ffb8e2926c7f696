/** The browser's own reader of codes, where it has one: on phones sold here it has. It needs no link. */

/** What not every browser has. */
interface Detector {
  detect(image: ImageBitmapSource): Promise<{ rawValue: string }[]>;
}
type Maker = new (how: { formats: string[] }) => Detector;

export function readsCodes(): boolean {
  return maker() !== undefined;
}

/** What a code in the picture says; null: none was seen. */
export async function codeIn(image: ImageBitmapSource): Promise<string | null> {
  const Made = maker();
  if (Made === undefined) return null;
  const [found] = await new Made({ formats: ["qr_code"] }).detect(image);
  return found?.rawValue ?? null;
}

function maker(): Maker | undefined {
  return (globalThis as { BarcodeDetector?: Maker }).BarcodeDetector;
}
