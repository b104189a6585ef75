import type { Transaction } from '@mawid/service-kit';
import type { Audience } from '../domain/calendar.ts';
import type { LocalMoment } from '../domain/is-open-at.ts';
import { type Box, earthRadius, type Place } from '../domain/place.ts';
import { listTrigrams } from '../domain/search-text.ts';

export type SalonOrder = 'oldest' | 'newest' | 'name_ar' | 'name_en' | 'distance';

export interface NearPlace {
  readonly place: Place;
  readonly radiusKm: number;
  readonly box: Box;
}

/** What salons are looked for; what is absent or empty is not looked at. */
export interface SalonSearch {
  readonly order: SalonOrder;
  /** Folded; each is somewhere in the salon's texts. */
  readonly words: readonly string[];
  /** Folded. */
  readonly city: string;
  readonly audience: Audience | undefined;
  /** Folded; all of them are in the name of one service. */
  readonly serviceWords: readonly string[];
  /** Given with the order `distance`. */
  readonly near: NearPlace | undefined;
  /** Whose salons; anybody's when absent. */
  readonly managerId: string | undefined;
  readonly hasDrafts: boolean;
}

/** A salon and its place in the order. */
export interface FoundSalon {
  readonly id: string;
  readonly key: string;
}

export interface SalonPageQuery {
  readonly after: FoundSalon | undefined;
  readonly limit: number;
  /** What clocks show, zone by zone: only salons that may be open then. What is exact is the domain's to say. */
  readonly clocks?: readonly LocalMoment[] | undefined;
}

/** Salons in the order of the search. */
export async function findSalons(
  tx: Transaction,
  search: SalonSearch,
  { after, limit, clocks }: SalonPageQuery,
): Promise<FoundSalon[]> {
  // A plan for any words and any place would read all salons for a rare word.
  await tx.query({ name: 'plan_cache.off', text: 'SET LOCAL plan_cache_mode = force_custom_plan' });
  const { name, parts, values, put } = openStatement(search);
  const { key, by, isAfter } = orders[search.order];
  if (search.near) parts.push(toNear(search.near, put));
  if (search.serviceWords.length > 0) parts.push(toOffered(search.serviceWords, put));
  if (clocks) parts.push(toMaybeOpen(clocks, put));
  const last = isAfter(after, put);
  const text = `SELECT s.id, ${key} AS key FROM salons s ${parts.map(({ join }) => join).join(' ')}
                 WHERE ${[...parts.map(({ where }) => where), last].join(' AND ')}
                 ORDER BY ${by} LIMIT ${put(limit, 'integer')}`;
  const { rows } = await tx.query<FoundSalon>({ name: clocks ? `${name}_open` : name, text, values });
  return rows;
}

interface Part {
  readonly join: string;
  readonly where: string;
}

/** Adds a value of the statement, and says how it is named there. */
type Put = (value: unknown, type: string) => string;

// Which parts a statement has is in its name; what of the filters is absent is a null, which the planner leaves out.
function openStatement(search: SalonSearch) {
  const { order, near, serviceWords, managerId, hasDrafts } = search;
  const values: unknown[] = [];
  const put: Put = (value, type) => `$${values.push(value)}::${type}`;
  const name = [
    'salons.find',
    order,
    managerId && 'mine',
    hasDrafts && 'drafts',
    near && 'near',
    serviceWords.length > 0 && 'service',
  ];
  const scope = [
    ...(managerId === undefined ? [] : [`s.manager_id = ${put(managerId, 'uuid')}`]),
    ...(hasDrafts ? [] : [`s.state = 'published'`]),
  ];
  const parts: Part[] = [{ join: '', where: scope.join(' AND ') }, toTexts(search, put)];
  return { name: name.filter(Boolean).join('_'), parts, values, put };
}

function toTexts({ words, city, audience }: SalonSearch, put: Put): Part {
  const [text, town, people] = [put(toPatterns(words), 'text[]'), put(city || null, 'text'), put(audience, 'text')];
  const where = [
    `(${text} = '{}' OR s.search_text COLLATE "C" LIKE ALL (${text}) AND ${hasTrigrams('s.search_text', words, put)})`,
    `(${town} IS NULL OR s.search_cities @> ARRAY[${town}])`,
    `(${people} IS NULL OR s.audience IN (${people}, 'everyone'))`,
  ];
  return { join: '', where: where.join(' AND ') };
}

// IS TRUE keeps the planner from asking salon by salon: the services are looked up once, by the index.
function toOffered(words: readonly string[], put: Put): Part {
  const patterns = put(toPatterns(words), 'text[]');
  const where = `(s.id IN (SELECT v.salon_id FROM services v WHERE v.active AND v.search_text COLLATE "C" LIKE ALL (${patterns})
                             AND ${hasTrigrams('v.search_text', words, put)})) IS TRUE`;
  return { join: '', where };
}

// The trigrams are what the index knows; the words are what is meant, byte by byte: the rules of a language take ten times as
// long. Words too short for the index have none, and listing those of every salon for that would take seconds.
function hasTrigrams(column: string, words: readonly string[], put: Put): string {
  const runs = put(listTrigrams(words), 'text[]');
  return `(${runs} = '{}' OR trigrams_of(${column}) @> ${runs})`;
}

function toPatterns(words: readonly string[]): string[] {
  return words.map((word) => `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`);
}

// The box is what the index knows; the distance, worked out once for each salon in it, is what is meant.
function toNear({ place, radiusKm, box }: NearPlace, put: Put): Part {
  const [latitude, longitude] = [put(place.latitude, 'float8'), put(place.longitude, 'float8')];
  const join = `CROSS JOIN LATERAL (
    SELECT 2 * ${earthRadius} * asin(least(1, sqrt(power(sind((s.latitude - ${latitude}) / 2), 2) + cosd(s.latitude)
             * cosd(${latitude}) * power(sind((s.longitude - ${longitude}) / 2), 2)))) AS km OFFSET 0) d`;
  const spans = box.spans.map(
    ([west, east]) => `s.longitude BETWEEN ${put(west, 'float8')} AND ${put(east, 'float8')}`,
  );
  const where = `s.latitude BETWEEN ${put(box.south, 'float8')} AND ${put(box.north, 'float8')}
    AND (${spans.join(' OR ')}) AND d.km <= ${put(radiusKm, 'float8')}`;
  return { join, where };
}

// Where a clock was put forward or back, by two hours at most, a window is open that the clock alone would not say.
function toMaybeOpen(clocks: readonly LocalMoment[], put: Put): Part {
  const join = `JOIN unnest(${[
    put(
      clocks.map(({ timeZone }) => timeZone),
      'text[]',
    ),
    put(
      clocks.map(({ date }) => date),
      'date[]',
    ),
    put(
      clocks.map(({ weekday }) => weekday),
      'integer[]',
    ),
    put(
      clocks.map(({ minute }) => minute),
      'integer[]',
    ),
  ]}) z(zone, date, weekday, minute) ON z.zone = s.time_zone`;
  const where = `(
    EXISTS (SELECT FROM salon_windows w WHERE w.salon_id = s.id AND w.weekday = z.weekday
               AND w.opens <= z.minute + 120 AND w.closes > z.minute - 120)
    OR EXISTS (SELECT FROM salon_dates x WHERE x.salon_id = s.id AND x.date = z.date AND x.opens <> '{}'))`;
  return { join, where };
}

interface OrderText {
  readonly key: string;
  readonly by: string;
  isAfter(last: FoundSalon | undefined, put: Put): string;
}

// Ids are made in the order of time.
const byAge = (direction: 'ASC' | 'DESC'): OrderText => ({
  key: `''`,
  by: `s.id ${direction}`,
  isAfter(last, put) {
    const id = put(last?.id, 'uuid');
    return `(${id} IS NULL OR s.id ${direction === 'ASC' ? '>' : '<'} ${id})`;
  },
});

const byKey = (column: string, { key, type }: { key: string; type: string }): OrderText => ({
  key,
  by: `${column}, s.id`,
  isAfter(last, put) {
    const id = put(last?.id, 'uuid');
    return `(${id} IS NULL OR (${column}, s.id) > (${put(last?.key, type)}, ${id}))`;
  },
});

const orders: Record<SalonOrder, OrderText> = {
  oldest: byAge('ASC'),
  newest: byAge('DESC'),
  name_ar: byKey('s.sort_ar', { key: 's.sort_ar', type: 'text' }),
  name_en: byKey('s.sort_en', { key: 's.sort_en', type: 'text' }),
  distance: byKey('d.km', { key: 'd.km::text', type: 'float8' }),
};
