/** The mission's vehicle stands: said once, then what could take over, at every desk until another one is asked for. */

import { Acting } from "../../client/acting.svelte";
import { api, orders, told, type Schemas } from "../../client/api";
import { AskedAgain } from "./askedAgain.svelte";

export type Broken = Schemas["BreakdownOut"];

/** It has a vehicle again, or the mission is over. */
const GOES_ON = "ecmo_mission.vehicle";

/** What could take over, and what is left. */
export class Standing extends AskedAgain<Broken> {
  readonly acting = new Acting();

  constructor() {
    super(
      (mission_id) => told(api.GET("/api/ecmo/missions/{mission_id}/reliefs", { params: { path: { mission_id } } })),
      GOES_ON,
    );
  }

  /** Say that it stands; one event, however often it is pressed. */
  breakDown(mission_id: string, body: Schemas["BreakdownIn"]): Promise<boolean> {
    return this.acting.run(async () => {
      const params = { path: { mission_id } };
      this.take(mission_id, await told(orders.POST("/api/ecmo/missions/{mission_id}/breakdown", { params, body })));
    });
  }
}
