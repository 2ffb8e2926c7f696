/** Answers in GeoJSON: the generated client does not read their types off the media type, so that they are named here. */

import { told, type Schemas } from "../client/api";

export type Line = readonly (readonly [number, number])[];

export async function toldGeo<K extends keyof Schemas>(answer: Parameters<typeof told>[0]): Promise<Schemas[K]> {
  return (await told(answer)) as Schemas[K];
}
