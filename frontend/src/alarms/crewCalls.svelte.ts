/** What crews call for by a button: asked for whenever the link says that something was found, until somebody here has seen it. */

import { api, NoAnswer, Refusal, told, type Schemas } from "../client/api";
import { live } from "../live/store.svelte";
import { CREW_CALLS, type Called, type CrewCall } from "./rules";

const CREW = "crew.";

class CrewCalls {
  #all = $state.raw<readonly Schemas["DetectionOut"][]>([]);
  #asked = 0;

  /** Those that nobody here has acknowledged, with who calls. */
  readonly open: readonly Called[] = $derived(this.#all.flatMap((one) => calledOf(one)));

  /** Ask now, and whenever something changes; returns how to stop. */
  follow(): () => void {
    void this.look();
    return live.onFact(({ type }) => {
      if (type.startsWith("detection.")) void this.look();
    });
  }

  async look(): Promise<void> {
    const asked = ++this.#asked;
    const answer = await quietly(() => told(api.GET("/api/detections")));
    if (answer === undefined || asked !== this.#asked) return;
    this.#all = answer.detections.filter(({ code, acknowledged }) => code.startsWith(CREW) && !acknowledged);
  }

  /** Somebody here has seen it: the crew is told who. True once the service knows, or another was quicker. */
  async acknowledge(id: string): Promise<boolean> {
    const one = this.#all.find((call) => call.id === id);
    if (one === undefined) return true;
    const params = { path: { detection_id: id } };
    const body = { version: one.version };
    const done = await quietly(() =>
      told(api.POST("/api/detections/{detection_id}/acknowledgements", { params, body })),
    );
    await this.look();
    return done !== undefined;
  }
}

function calledOf(one: Schemas["DetectionOut"]): Called[] {
  const call = CREW_CALLS.find((known) => one.code === `${CREW}${known}`);
  if (call === undefined || one.priority === null) return [];
  return [
    {
      id: one.id,
      kind: `${CREW}${call}` satisfies `crew.${CrewCall}`,
      urgency: one.priority,
      since: Date.parse(one.began_at),
      incidentId: one.incident_id,
      incidentNumber: live.incidents.seen(one.incident_id)?.number ?? "",
      callSign: live.units.get(one.unit_id)?.call_sign ?? "",
    },
  ];
}

async function quietly<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NoAnswer || error instanceof Refusal) return undefined;
    throw error;
  }
}

export const crewCalls = new CrewCalls();
