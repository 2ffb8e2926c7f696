import { expect, it } from "vitest";
import { base64, hex } from "./pictures";

it("bytes are written as hexadecimal digits and in Base64", () => {
  const bytes = new Uint8Array([0, 15, 255, 216]);
  expect(hex(bytes.buffer)).toBe("000fffd8");
  expect(base64(bytes)).toBe("AA//2A==");
});
