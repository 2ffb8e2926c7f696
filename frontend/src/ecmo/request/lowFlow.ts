/** One of both ways to the circuit, as the service reckons it. */

export interface WayShown {
  name: "to_cannulator" | "to_patient";
  standing: string;
  /** Minutes of all legs that are known. */
  low: number;
  high: number;
  legs: readonly { name: string; basis: string; low: number | null; high: number | null }[];
}
