/** What is used of the package `qr`. */

declare module "qr/decode.js" {
  /** What the code in an RGBA picture says. Throws where none can be read. `timeLimit`: milliseconds for hard ones. */
  export function decodeQR(
    image: { width: number; height: number; data: Uint8ClampedArray },
    how?: { timeLimit?: number },
  ): string;
}

declare module "qr" {
  export default function encodeQR(text: string, output: "raw", how?: { border?: number }): boolean[][];
}
