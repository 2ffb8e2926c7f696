/** Files that the service makes: fetched piece by piece, and kept by the browser. */

import { refusalWords } from "../i18n/refusals";
import type { Problem } from "./api";

/** The name under which a file is kept, as the service gives it. */
export function nameOf(disposition: string | null, otherwise: string): string {
  return /filename="([\w.-]{1,100})"/.exec(disposition ?? "")?.[1] ?? otherwise;
}

/** What came, or why it did not, in words. */
export type Taken = { name: string; file: Blob } | { refused: string };

/** Fetch a file; `told` hears how many bytes have come. There is no limit of time: a long one is made while it is sent. */
export async function fetched(
  address: string,
  otherwise: string,
  told: (bytes: number) => void,
  unanswered: string,
): Promise<Taken> {
  try {
    const answer = await fetch(address, { headers: { accept: "*/*" } });
    if (!answer.ok || answer.body === null) {
      const problem = (await answer.json().catch(() => null)) as Problem | null;
      return { refused: refusalWords(problem?.code ?? "", answer.status) };
    }
    const parts: Uint8Array<ArrayBuffer>[] = [];
    let bytes = 0;
    const reader = answer.body.getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      parts.push(piece.value);
      bytes += piece.value.length;
      told(bytes);
    }
    const type = answer.headers.get("content-type") ?? "";
    return { name: nameOf(answer.headers.get("content-disposition"), otherwise), file: new Blob(parts, { type }) };
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    return { refused: unanswered };
  }
}

/** Let the browser keep a file. */
export function keep({ name, file }: { name: string; file: Blob }): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
