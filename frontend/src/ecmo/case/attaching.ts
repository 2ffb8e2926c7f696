/** A picture or a clip that is put to a request, be it a draft or under way. */

import { api, told } from "../../client/api";
import { live } from "../../live/store.svelte";
import { sendFile } from "./sendingFile";
import type { FileShown } from "./told";

/** Raises Refusal, NoAnswer or RangeError: the service took nothing of a piece. */
export async function attachTo(
  request_id: string,
  file: File,
  kind: FileShown["kind"],
  share: (part: number) => void,
): Promise<void> {
  const id = crypto.randomUUID();
  const params = { path: { request_id, file_id: id } };
  const ports = {
    announce: async ({ total, sha256, at }: { total: number; sha256: string; at: string }) =>
      (
        await told(
          api.PUT("/api/ecmo/requests/{request_id}/files/{file_id}", { params, body: { kind, total, sha256, at } }),
        )
      ).received,
    piece: async (_: string, start: number, data: string) =>
      (
        await told(
          api.POST("/api/ecmo/requests/{request_id}/files/{file_id}/pieces", { params, body: { start, data } }),
        )
      ).received,
  };
  const now = live.clock.known ? live.clock.now() : Date.now();
  await sendFile(id, await file.arrayBuffer(), now, ports, share);
}
