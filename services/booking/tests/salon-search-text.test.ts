import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listTrigrams, toSearchText } from '../src/domain/search-text.ts';
import { as, type Bench, openBench } from './support/bench.ts';
import { makeSalon } from './support/make-salon.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

// Undefined for signs that are younger than the database's Unicode.
async function foldInDatabase(texts: readonly string[]): Promise<(string | undefined)[]> {
  const { rows } = await bench.ctx.database.query<{ folded: string | null }>({
    name: 'test.fold',
    text: `SELECT CASE WHEN unicode_assigned(given) THEN to_search_text(given) END AS folded
             FROM unnest($1::text[]) WITH ORDINALITY AS each(given, n) ORDER BY n`,
    values: [texts],
  });
  return rows.map(({ folded }) => folded ?? undefined);
}

describe('to_search_text', () => {
  it('folds as toSearchText does, sign by sign', async () => {
    const isText = /[^\p{Cs}\p{Cn}\p{Co}]/u;
    const signs = Array.from({ length: 0x1_ffff }, (_, n) => String.fromCodePoint(n + 1)).filter((sign) =>
      isText.test(sign),
    );
    // Between letters: a mark, or a space, is folded by what is around it.
    const texts = signs.map((sign) => `a${sign}b ${sign}`);
    const folded = await foldInDatabase(texts);
    const differing = texts.filter(
      (text, index) => folded[index] !== undefined && toSearchText(text) !== folded[index],
    );
    expect(folded.filter((text) => text !== undefined).length).toBeGreaterThan(80_000);
    expect(differing.map((text) => text.codePointAt(1)?.toString(16))).toEqual([]);
  });

  it('folds whole names as toSearchText does', async () => {
    const names = ['  صَالُون   الأَنَاقَة\u00a0والجمال ', 'Café  ROYAL\tÀ la İstanbul', 'ΟΔΥΣΣΕΥΣ ΣΑΣ', 'Ångström ﷲ', ''];
    expect(await foldInDatabase(names)).toEqual(names.map((name) => toSearchText(name)));
  });
});

/** Runs with a `trigrams_of` that nobody may call; indexes have what it said before. */
async function withoutTrigrams(work: () => Promise<void>): Promise<void> {
  const { database } = bench.ctx;
  const { rows } = await database.query<{ text: string }>({
    name: 'test.function',
    text: `SELECT pg_get_functiondef('trigrams_of'::regproc) AS text`,
  });
  await database.query({
    name: 'test.refuse',
    text: `CREATE OR REPLACE FUNCTION trigrams_of(text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 5000
           AS $$ BEGIN RAISE 'called'; END $$`,
  });
  try {
    await work();
  } finally {
    await database.query({ name: 'test.restore', text: rows[0]?.text ?? '' });
  }
}

describe('ListSalons by words too short for the index', () => {
  it('lists the runs of no salon', async () => {
    const { id, manager } = await makeSalon(bench, { services: [{ minutes: 30 }] });
    await bench.catalog.updateSalon({ salonId: id, place: { latitude: 24, longitude: 46 } }, as(manager));
    const ids = async (words: object) =>
      (await bench.catalog.listSalons({ near: '24,46', ...words })).salons.map((salon) => salon.id);
    await withoutTrigrams(async () => {
      expect(await ids({ text: 'el a' })).toEqual([id]);
      expect(await ids({ service: 'cu' })).toEqual([id]);
      expect(await ids({ text: 'el', service: 'zz' })).toEqual([]);
    });
    expect(await ids({ text: 'elegance', service: 'haircut' })).toEqual([id]);
  });
});

describe('trigrams_of', () => {
  it('lists the runs that listTrigrams lists', async () => {
    for (const word of ['elegance', 'الاناقه', 'ab', '💇💇💇💇', '']) {
      const { rows } = await bench.ctx.database.query<{ runs: string[] }>({
        name: 'test.trigrams',
        text: 'SELECT trigrams_of($1) AS runs',
        values: [word],
      });
      expect(rows[0]?.runs.sort()).toEqual(listTrigrams([word]).sort());
    }
  });
});
