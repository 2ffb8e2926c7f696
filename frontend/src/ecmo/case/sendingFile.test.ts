// @vitest-environment node
import { expect, it } from "vitest";
import { PIECE_BYTES, sendFile, type FilePorts } from "./sendingFile";

function service(has: number): FilePorts & { starts: number[]; digests: string[] } {
  const starts: number[] = [];
  const digests: string[] = [];
  return {
    starts,
    digests,
    announce: async ({ sha256 }) => {
      digests.push(sha256);
      return has;
    },
    piece: async (_, start, data) => {
      starts.push(start);
      return start + atob(data).length;
    },
  };
}

it("sends what is not there yet, piece after piece", async () => {
  const ports = service(PIECE_BYTES);
  const shares: number[] = [];
  const data = new Uint8Array(2.5 * PIECE_BYTES).fill(7).buffer;
  await sendFile("f", data, 0, ports, (share) => shares.push(share));
  expect(ports.starts).toEqual([PIECE_BYTES, 2 * PIECE_BYTES]);
  expect(shares.at(-1)).toBe(1);
  expect(ports.digests[0]).toMatch(/^[0-9a-f]{64}$/);
});

it("sends nothing of what is there whole", async () => {
  const ports = service(3);
  await sendFile("f", new Uint8Array([1, 2, 3]).buffer, 0, ports, () => undefined);
  expect(ports.starts).toEqual([]);
});

it("does not go on for ever where nothing is taken", async () => {
  const ports = { ...service(0), piece: async () => 0 };
  await expect(sendFile("f", new Uint8Array([1]).buffer, 0, ports, () => undefined)).rejects.toThrow(RangeError);
});
