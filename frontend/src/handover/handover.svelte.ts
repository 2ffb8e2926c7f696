/** Handover sheets: what stands on one now, the one that is being signed, and those of before. */

import { api, told, type Schemas } from "../client/api";
import { refusedWords } from "../i18n/refusals";

export type Sheet = Schemas["SheetOut"];
export type Signed = Schemas["HandoverOut"];

export class Handovers {
  draft = $state.raw<Sheet | null>(null);
  earlier = $state.raw<readonly Schemas["HandoverRow"][]>([]);
  /** The sheet that is looked at; null: the draft. */
  shown = $state.raw<Signed | null>(null);
  busy = $state(false);
  /** Why the last thing failed; "" when no answer came. */
  trouble = $state<string | null>(null);
  /** The same for a sheet until it is made: asked again after no answer, it is not made twice. */
  #key = crypto.randomUUID();

  async load(): Promise<void> {
    await this.#tried(async () => {
      this.shown = null;
      this.draft = await told(api.GET("/api/handovers/draft"));
      this.earlier = (await told(api.GET("/api/handovers"))).handovers;
    });
  }

  async show(handover_id: string): Promise<void> {
    await this.#tried(async () => {
      this.shown = await told(api.GET("/api/handovers/{handover_id}", { params: { path: { handover_id } } }));
    });
  }

  /** Sign as the one who leaves. True when it is done. */
  async make(notes: string): Promise<boolean> {
    return this.#tried(async () => {
      const params = { header: { "idempotency-key": this.#key } };
      this.#signed(await told(api.POST("/api/handovers", { params, body: { notes } })));
      this.#key = crypto.randomUUID();
    });
  }

  /** Sign as the one who comes: as who is logged in, or by name and password. True when it is done. */
  async sign(handover_id: string, proof: Schemas["SignIn"]): Promise<boolean> {
    return this.#tried(async () => {
      const params = { path: { handover_id } };
      this.#signed(await told(api.POST("/api/handovers/{handover_id}/sign", { params, body: proof })));
    });
  }

  #signed(sheet: Signed): void {
    this.shown = sheet;
    this.earlier = [sheet.handover, ...this.earlier.filter(({ id }) => id !== sheet.handover.id)];
  }

  async #tried(act: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.trouble = null;
    try {
      await act();
      return true;
    } catch (error) {
      this.trouble = refusedWords(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
