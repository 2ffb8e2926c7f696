/** A picture or a clip, sent in pieces and taken up where the service has got to. */

import { base64, hex } from "../../unit/pictures";

/** Sent at once: small enough to go through on a poor link. */
export const PIECE_BYTES = 65_536;
/** What the service takes; what it is shows when it is whole. */
export const TAKEN = "image/jpeg,image/webp,video/mp4";

export interface FilePorts {
  /** Announce it, or ask where to go on: so many bytes are there. */
  announce: (about: { id: string; total: number; sha256: string; at: string }) => Promise<number>;
  /** Send a piece: so many bytes are there after it. */
  piece: (id: string, start: number, data: string) => Promise<number>;
}

/** Send all of it; `told` hears the share that is there. Raises Refusal or NoAnswer. */
export async function sendFile(
  id: string,
  data: ArrayBuffer,
  atMs: number,
  ports: FilePorts,
  told: (share: number) => void,
): Promise<void> {
  const total = data.byteLength;
  const sha256 = hex(await crypto.subtle.digest("SHA-256", data));
  let here = await ports.announce({ id, total, sha256, at: new Date(atMs).toISOString() });
  while (here < total) {
    told(here / total);
    const piece = new Uint8Array(data, here, Math.min(PIECE_BYTES, total - here));
    const after = await ports.piece(id, here, base64(piece));
    // A service that does not go on would be asked for ever.
    if (after <= here) throw new RangeError("no byte of the piece was taken");
    here = after;
  }
  told(1);
}
