/** Who is on duty at the centre, and signing oneself on and off for a shift. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";

export type Present = Schemas["PresentOut"];
export type DutyRole = Present["role"];
/** Being on duty as one of these decides something: who lowers a priority. */
export const SHIFT_ROLES = ["supervisor", "emergency_doctor"] as const satisfies readonly DutyRole[];

class Duty {
  /** Null: not asked yet, or no answer came. */
  present = $state.raw<readonly Present[] | null>(null);
  failed = $state(false);
  busy = $state(false);

  async look(): Promise<void> {
    await this.#ask(() => told(api.GET("/api/duty")));
  }

  async sign(role: DutyRole, on: boolean): Promise<void> {
    const params = { path: { role } };
    await this.#ask(() =>
      told(on ? api.POST("/api/duty", { body: { role } }) : api.DELETE("/api/duty/{role}", { params })),
    );
  }

  /** Sign somebody else off, who has gone without doing so. */
  async signOff({ person_id, role }: Present): Promise<void> {
    const params = { path: { person_id, role } };
    await this.#ask(() => told(api.DELETE("/api/people/{person_id}/duty/{role}", { params })));
  }

  async #ask(act: () => Promise<Schemas["DutyOut"]>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      this.present = (await act()).on_duty;
      this.failed = false;
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof NoAnswer)) throw error;
      this.failed = true;
    } finally {
      this.busy = false;
    }
  }
}

export const duty = new Duty();
