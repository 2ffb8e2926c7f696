/**
 * Pictures taken on this phone: shrunk, kept on it before anything else, sent in pieces beside the outbox, and taken up
 * again where the link was cut. What the camera wrote beside the picture is left behind already when it is shrunk.
 */

import { api, NoAnswer, orders, Refusal, told, type Schemas } from "../client/api";
import { live } from "../live/store.svelte";
import { crew } from "./crew.svelte";
import { base64, hex, SIDE_PX } from "./pictures";
import { album as kept, type Photo } from "./shelf";
import { became } from "./sending";

/** Sent at once: small enough to go through on a poor link. */
const PIECE_BYTES = 65_536;
const QUALITY = 0.8;

export interface Shown {
  id: string;
  url: string;
  atMs: number;
  /** How much of it is at the service, 0 to 1; 1: all. */
  share: number;
  refused: boolean;
}

class Album {
  waiting = $state.raw<readonly Photo[]>([]);
  pictures = $state.raw<readonly Schemas["TakenPictureOut"][]>([]);
  /** The phone or the browser could not make a picture of it. */
  failed = $state(false);
  #sending = false;
  #person = "";

  /** What waits and what is at the service, of a patient. */
  shown(patient: string | null): Shown[] {
    const mine = this.waiting.filter((one) => (crew.outbox.made.get(one.patient) ?? one.patient) === patient);
    const ids = new Set(mine.map(({ id }) => id));
    const there = this.pictures.filter((one) => one.patient_id === patient && !one.erased && !ids.has(one.id));
    return [
      ...there.map(({ id, at }) => ({
        id,
        url: `/api/patients/${patient ?? ""}/pictures/${id}/small`,
        atMs: Date.parse(at),
        share: 1,
        refused: false,
      })),
      ...mine.map(({ id, url, at, sent, size, refused }) => ({
        id,
        url,
        atMs: at - crew.offByMs,
        share: size === 0 ? 0 : sent / size,
        refused,
      })),
    ];
  }

  /** This person is here: what of theirs was left on this phone is sent. */
  async of(person: string): Promise<void> {
    this.#person = person;
    const all = await kept.all().catch(() => []);
    this.waiting = all.filter((one) => one.person === person).map((one) => ({ ...one, url: urlOf(one.data) }));
    void this.pump();
  }

  async take(file: Blob, patient: string, kind: Photo["kind"] = "photo"): Promise<void> {
    const at = Date.now();
    this.failed = false;
    try {
      const data = await shrunk(file);
      const sha256 = hex(await crypto.subtle.digest("SHA-256", data));
      const unit = crew.unit?.id ?? null;
      const id = crypto.randomUUID();
      const who = { patient, unit, kind, person: this.#person };
      const photo = { id, ...who, at, data, sha256, size: data.byteLength, sent: 0, refused: false, url: urlOf(data) };
      this.waiting = [...this.waiting, photo];
      await this.#keep(photo);
      await this.pump();
    } catch (error) {
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
      this.failed = true;
    }
  }

  /** Somebody recorded here has another id at the service. */
  async renamed(was: string, is: string): Promise<void> {
    for (const one of this.waiting.filter(({ patient }) => patient === was)) await this.#change(one, { patient: is });
  }

  /** Send what waits, one picture after the other. */
  async pump(): Promise<void> {
    if (this.#sending || !live.current) return;
    this.#sending = true;
    try {
      for (;;) {
        const next = this.waiting.find(
          ({ refused, patient }) => !refused && !crew.outbox.waiting.some(({ id }) => id === patient),
        );
        if (next === undefined || !(await this.#sent(next))) return;
      }
    } finally {
      this.#sending = false;
    }
  }

  async load(patient: string): Promise<void> {
    try {
      const params = { path: { patient_id: patient } };
      this.pictures = (await told(api.GET("/api/patients/{patient_id}/pictures", { params }))).pictures;
    } catch (error) {
      if (!(error instanceof NoAnswer || error instanceof Refusal)) throw error;
    }
  }

  async #sent({ id }: Photo): Promise<boolean> {
    const one = this.waiting.find((other) => other.id === id);
    if (one === undefined) return true;
    const patient = crew.outbox.made.get(one.patient) ?? one.patient;
    const params = { path: { patient_id: patient, picture_id: id } };
    try {
      const when = { at: new Date(one.at).toISOString(), sent_at: new Date().toISOString() };
      const body = { kind: one.kind, total: one.size, sha256: one.sha256, unit_id: one.unit, ...when };
      let answer = await told(orders.PUT("/api/patients/{patient_id}/pictures/{picture_id}", { params, body }));
      while (!answer.whole) {
        await this.#change(one, { sent: answer.received });
        const data = base64(new Uint8Array(one.data, answer.received).subarray(0, PIECE_BYTES));
        const piece = { start: answer.received, data };
        answer = await told(
          orders.POST("/api/patients/{patient_id}/pictures/{picture_id}/pieces", { params, body: piece }),
        );
      }
      this.waiting = this.waiting.filter((other) => other.id !== id);
      await kept.remove(id).catch(() => undefined);
      await this.load(patient);
      return true;
    } catch (error) {
      if (became(error).became === "waits") return false;
      await this.#change(one, { refused: true });
      return true;
    }
  }

  async #change({ id }: Photo, change: Partial<Photo>): Promise<void> {
    this.waiting = this.waiting.map((one) => (one.id === id ? { ...one, ...change } : one));
    const changed = this.waiting.find((one) => one.id === id);
    if (changed !== undefined) await this.#keep(changed);
  }

  async #keep(photo: Photo): Promise<void> {
    try {
      await kept.put(photo);
    } catch {
      crew.outbox.unkept = true;
    }
  }
}

const urlOf = (data: ArrayBuffer): string => URL.createObjectURL(new Blob([data], { type: "image/jpeg" }));

async function shrunk(file: Blob): Promise<ArrayBuffer> {
  const bitmap = await createImageBitmap(file);
  const share = Math.min(1, SIDE_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * share));
  canvas.height = Math.max(1, Math.round(bitmap.height * share));
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (made === null) throw new TypeError("no picture");
  return made.arrayBuffer();
}

export const album = new Album();
