import { describe, expect, it } from '@jest/globals';
import { parsePlace, toBox } from './place.ts';

describe('parsePlace', () => {
  it.each([
    ['24.7136,46.6753', { latitude: 24.7136, longitude: 46.6753 }],
    ['-33.9, 18.4', { latitude: -33.9, longitude: 18.4 }],
    ['90,-180', { latitude: 90, longitude: -180 }],
  ])('reads %s', (text, place) => expect(parsePlace(text)).toEqual(place));

  it.each(['', 'abc', '91,0', '0,181', '24.7', '24.7,46.6,1', '1e1,2', 'NaN,0', '24.7;46.6', '+1,2'])(
    'knows no place %j',
    (text) => expect(parsePlace(text)).toBeUndefined(),
  );
});

describe('toBox', () => {
  it('reaches a degree of latitude in 111.2 km, and further in longitude away from the equator', () => {
    const { south, north, spans } = toBox({ latitude: 60, longitude: 10 }, 111.195);
    expect(south).toBeCloseTo(59, 4);
    expect(north).toBeCloseTo(61, 4);
    expect(spans[0][0]).toBeCloseTo(8, 1);
    expect(spans[0][1]).toBeCloseTo(12, 1);
    expect(spans[1]).toEqual([181, 181]);
  });

  it('goes around the date line, on both sides', () => {
    const east = toBox({ latitude: 0, longitude: 179.5 }, 111.195).spans;
    expect(east.map((span) => span.map((degrees) => Math.round(degrees * 10) / 10))).toEqual([
      [178.5, 180],
      [-180, -179.5],
    ]);
    const west = toBox({ latitude: 0, longitude: -179.5 }, 111.195).spans;
    expect(west.map((span) => span.map((degrees) => Math.round(degrees * 10) / 10))).toEqual([
      [-180, -178.5],
      [179.5, 180],
    ]);
  });

  it('holds every longitude around a pole', () => {
    expect(toBox({ latitude: 89.9, longitude: 0 }, 50).spans[0]).toEqual([-180, 180]);
  });
});
