/** Where else the patient could be taken, asked again and again once the circuit runs. */

import { Acting } from "../../client/acting.svelte";
import { api, orders, told, type Schemas } from "../../client/api";
import { AskedAgain } from "./askedAgain.svelte";

export type Havens = Schemas["HavensOut"];

export class Diversion extends AskedAgain<Havens> {
  readonly acting = new Acting();

  constructor() {
    super((mission_id) =>
      told(api.GET("/api/ecmo/missions/{mission_id}/diversions", { params: { path: { mission_id } } })),
    );
  }

  async divert(mission_id: string, body: Schemas["DivertIn"]): Promise<boolean> {
    const done = await this.acting.run(async () => {
      const params = { path: { mission_id } };
      await told(orders.POST("/api/ecmo/missions/{mission_id}/diversion", { params, body }));
    });
    this.again();
    return done;
  }
}
