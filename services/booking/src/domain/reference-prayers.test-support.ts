import type { Prayer } from './hours.ts';
import type { PrayerPlace } from './prayer-times.ts';

const radian = Math.PI / 180;
const [sin, cos, tan] = [Math.sin, Math.cos, Math.tan].map((of) => (degrees: number) => of(degrees * radian)) as [
  (degrees: number) => number,
  (degrees: number) => number,
  (degrees: number) => number,
];
const j2000 = Date.UTC(2000, 0, 1, 12);
const dayMs = 86_400_000;

/** Declination of the sun and equation of time, in degrees: the low-precision formulas of the Astronomical Almanac. */
function toSun(moment: number) {
  const days = (moment - j2000) / dayMs;
  const anomaly = 357.529 + 0.98560028 * days;
  const mean = 280.459 + 0.98564736 * days;
  const longitude = mean + 1.915 * sin(anomaly) + 0.02 * sin(2 * anomaly);
  const tilt = 23.439 - 0.00000036 * days;
  const ascension = Math.atan2(cos(tilt) * sin(longitude), cos(longitude)) / radian;
  const equation = ((((mean - ascension + 180) % 360) + 360) % 360) - 180;
  return { declination: Math.asin(sin(tilt) * sin(longitude)) / radian, equation };
}

/** Prayer times from the rules of the Umm al-Qura calendar, slow and obvious: epoch milliseconds, NaN where there is none. */
export function toReferencePrayers({ latitude, longitude }: PrayerPlace, date: string): Record<Prayer, number> {
  const guess = Date.parse(`${date}T12:00Z`) - (longitude / 360) * dayMs;
  // Each time is asked of the sun as it stands at that time: four rounds are more than enough.
  const find = (side: -1 | 0 | 1, altitudeAt: (declination: number) => number): number => {
    let at = guess;
    for (let round = 0; round < 4; round++) {
      const { declination, equation } = toSun(at);
      const altitude = altitudeAt(declination);
      const cosine = (sin(altitude) - sin(latitude) * sin(declination)) / (cos(latitude) * cos(declination));
      const hourAngle = side === 0 ? 0 : (side * Math.acos(cosine)) / radian;
      at = guess + ((hourAngle - equation) / 360) * dayMs;
    }
    return at;
  };
  const maghrib = find(1, () => -0.833);
  return {
    fajr: find(-1, () => -18.5),
    dhuhr: find(0, () => 0),
    asr: find(1, (declination) => Math.atan(1 / (1 + tan(Math.abs(latitude - declination)))) / radian),
    maghrib,
    isha: maghrib + 90 * 60_000,
  };
}
