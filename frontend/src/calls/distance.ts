/** How far apart two points are in a straight line. */

const RADIUS_M = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

export interface Point {
  lat: number;
  lon: number;
}

export function distanceM(one: Point, other: Point): number {
  const lat = radians(other.lat - one.lat) / 2;
  const lon = radians(other.lon - one.lon) / 2;
  const half = Math.sin(lat) ** 2 + Math.cos(radians(one.lat)) * Math.cos(radians(other.lat)) * Math.sin(lon) ** 2;
  return 2 * RADIUS_M * Math.asin(Math.min(1, Math.sqrt(half)));
}
