import { isDate } from './dates.ts';
import { toHijriMonth } from './hijri-month.ts';
import type { Season } from './hours.ts';

/** The season in which a date lies; where two meet, the one between dates. */
export function findSeason(seasons: readonly Season[], date: string): Season | undefined {
  return seasons.find((season) => isBetween(season, date)) ?? seasons.find((season) => isInMonth(season, date));
}

function isBetween({ firstDate, lastDate }: Season, date: string): boolean {
  return firstDate !== undefined && lastDate !== undefined && firstDate <= date && date <= lastDate;
}

function isInMonth({ hijriMonth }: Season, date: string): boolean {
  return hijriMonth !== undefined && hijriMonth === toHijriMonth(date);
}

/** The first season that is of neither sort or of both, ends before it starts, has the key of another, or meets one of its sort; -1 when none is. */
export function findInvalidSeason(seasons: readonly Season[]): number {
  return seasons.findIndex(
    (season, index) => !isWhole(season) || seasons.slice(0, index).some((other) => areAtOdds(season, other)),
  );
}

function isWhole({ firstDate, lastDate, hijriMonth }: Season): boolean {
  if (hijriMonth !== undefined) return firstDate === undefined && lastDate === undefined;
  if (firstDate === undefined || lastDate === undefined) return false;
  return isDate(firstDate) && isDate(lastDate) && firstDate <= lastDate;
}

function areAtOdds(a: Season, b: Season): boolean {
  if (a.key === b.key) return true;
  if (a.hijriMonth !== undefined) return a.hijriMonth === b.hijriMonth;
  const { firstDate = '', lastDate = '' } = a;
  return b.firstDate !== undefined && b.lastDate !== undefined && firstDate <= b.lastDate && b.firstDate <= lastDate;
}
