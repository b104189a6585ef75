/** A point on the map, in degrees of WGS 84. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** A part of the map; of the two spans of longitude the second is empty but at the date line. */
export interface Box {
  readonly south: number;
  readonly north: number;
  readonly spans: readonly [Span, Span];
}

type Span = readonly [west: number, east: number];

/** Kilometres, of the sphere that comes nearest to the earth. */
export const earthRadius = 6_371.0088;
const degree = Math.PI / 180;
const nowhere: Span = [181, 181];

/** The place of a text `latitude,longitude`; undefined for others and for what lies outside of the map. */
export function parsePlace(text: string): Place | undefined {
  const found = /^ *(-?\d{1,2}(?:\.\d{1,15})?) *, *(-?\d{1,3}(?:\.\d{1,15})?) *$/.exec(text);
  if (!found) return undefined;
  const [latitude, longitude] = [Number(found[1]), Number(found[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}

/** A box that holds everything within the radius. A hair wider, for what lies on the rim must not be lost to rounding. */
export function toBox({ latitude, longitude }: Place, radiusKm: number): Box {
  const reach = radiusKm / earthRadius + 1e-9;
  const south = latitude - reach / degree;
  const north = latitude + reach / degree;
  // Around a pole every longitude is near.
  if (south <= -90 || north >= 90) return { south, north, spans: [[-180, 180], nowhere] };
  const width = Math.asin(Math.min(1, Math.sin(reach) / Math.cos(latitude * degree))) / degree;
  return { south, north, spans: toSpans(longitude - width, longitude + width) };
}

function toSpans(west: number, east: number): [Span, Span] {
  if (west < -180)
    return [
      [-180, east],
      [west + 360, 180],
    ];
  if (east > 180)
    return [
      [west, 180],
      [-180, east - 360],
    ];
  return [[west, east], nowhere];
}
