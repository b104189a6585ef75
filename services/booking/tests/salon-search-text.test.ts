import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listTrigrams, toSearchText } from '../src/domain/search-text.ts';
import { type Bench, openBench } from './support/bench.ts';

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
