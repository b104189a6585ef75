import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ListSalonsRequestSchema, SalonSort } from '@mawid/contracts/gen/mawid/booking/v1/catalog_service_pb.js';
import { v7 as uuidv7 } from 'uuid';
import { as, type Bench, openBench, person, refusalOf } from './support/bench.ts';

type Request = MessageInitShape<typeof ListSalonsRequestSchema>;
const openAt = timestampFromDate(new Date('2026-11-23T09:00:00Z'));

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.close());

/** Writes salons as rows, for there are many; all are near each other, and open on Mondays from 10:00. */
async function insertSalons(names: readonly string[], closes: number): Promise<void> {
  const ids = names.map(() => uuidv7());
  const { database } = bench.ctx;
  await database.query({
    name: 'test.salons',
    text: `INSERT INTO salons (id, manager_id, state, name_ar, name_en, description_ar, description_en, city_ar, city_en,
             search_text, search_cities, latitude, longitude, audience, time_zone, vat_number, payment_policy,
             free_until_hours, late_fee_percent, slot_step_minutes, min_notice_minutes, max_advance_days, created_at, updated_at)
           SELECT id, id, 'published', name, name, '', '', '', '', to_search_text(name), '{}',
             24 + (hashtext(name) % 7)::float8 / 100, 46, 'everyone', 'Asia/Riyadh', '', 'at_salon', 24, 50, 15, 0, 90, now(), now()
             FROM unnest($1::uuid[], $2::text[]) AS each(id, name)`,
    values: [ids, names],
  });
  await database.query({
    name: 'test.windows',
    text: `INSERT INTO salon_windows (salon_id, season, weekday, opens, closes) SELECT unnest($1::uuid[]), '', 1, 600, $2`,
    values: [ids, closes],
  });
}

/** All pages, with what `between` does after the first. */
async function readPages(request: Request, between: () => Promise<void> = async () => undefined): Promise<string[][]> {
  const pages: string[][] = [];
  let pageToken = '';
  do {
    const page = await bench.catalog.listSalons({ ...request, pageToken });
    pages.push(page.salons.map(({ name }) => name?.en ?? ''));
    if (pages.length === 1) await between();
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return pages;
}

describe('ListSalons page by page', () => {
  const sorts: [string, Request][] = [
    ['oldest first', {}],
    ['newest first', { sort: SalonSort.NEWEST }],
    ['by name', { sort: SalonSort.NAME }],
    ['by distance, of which many are equal', { near: '24,46' }],
  ];

  it.each(sorts)('shows each salon once, %s, while others are added', async (label, request) => {
    const own = label.replaceAll(/\W/g, '');
    const names = Array.from({ length: 23 }, (_, n) => `${own} ${String((n * 7) % 23).padStart(2, '0')}`);
    await insertSalons(names, 1_200);
    const search = { ...request, text: own, pageSize: 5 };
    const [whole] = await readPages({ ...search, pageSize: 100 });
    const late = [`${own} 00 late`, `${own} 11 late`, `${own} 99 late`];
    const pages = await readPages(search, () => insertSalons(late, 1_200));
    const shown = pages.flat();
    expect(new Set(shown).size).toBe(shown.length);
    expect(shown.filter((name) => !late.includes(name))).toEqual(whole);
    expect([...names].sort()).toEqual([...(whole ?? [])].sort());
  });

  it('refuses a token for another order, place or moment', async () => {
    const { nextPageToken: pageToken } = await bench.catalog.listSalons({ near: '24,46', pageSize: 1 });
    const others: Request[] = [
      {},
      { near: '24,46.1' },
      { near: '24,46', openAt },
      { near: '24,46', sort: SalonSort.NAME },
    ];
    const ask = (request: Request) => refusalOf(bench.catalog.listSalons({ ...request, pageSize: 1, pageToken }));
    expect(await Promise.all(others.map(ask))).toEqual(Array(4).fill('PAGE_TOKEN_INVALID'));
    expect(await ask({ near: '24,46' })).toBe('none');
  });

  it("refuses a token of somebody else's own salons", async () => {
    const [one, other] = [person('manager'), person('manager')];
    await insertSalons(['mine 1', 'mine 2'], 1_200);
    await bench.ctx.database.query({
      name: 'test.own',
      text: `UPDATE salons SET manager_id = $1 WHERE name_en LIKE 'mine %'`,
      values: [one.userId],
    });
    const { nextPageToken: pageToken } = await bench.catalog.listSalons({ mine: true, pageSize: 1 }, as(one));
    expect(pageToken).not.toBe('');
    const ask = (who: typeof one) =>
      refusalOf(bench.catalog.listSalons({ mine: true, pageSize: 1, pageToken }, as(who)));
    expect([await ask(one), await ask(other)]).toEqual(['none', 'PAGE_TOKEN_INVALID']);
  });
});

describe('ListSalons that are open, page by page', () => {
  it('fills pages over salons that are closed', async () => {
    // At noon those have closed an hour ago: near enough for the database to offer them.
    await insertSalons(
      Array.from({ length: 150 }, (_, n) => `dawn ${n}`),
      660,
    );
    await insertSalons(
      Array.from({ length: 7 }, (_, n) => `dawn and dusk ${n}`),
      1_200,
    );
    const pages = await readPages({ text: 'dawn', openAt, pageSize: 5 });
    expect(pages.map((page) => page.length)).toEqual([5, 2]);
    expect(pages.flat().every((name) => name.includes('dusk'))).toBe(true);
  });

  it('answers with what it has after many closed ones, and goes on from there', async () => {
    await insertSalons(
      Array.from({ length: 800 }, (_, n) => `moon ${n}`),
      660,
    );
    await insertSalons(['moon and sun'], 1_200);
    const pages = await readPages({ text: 'moon', openAt, pageSize: 5 });
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual(['moon and sun']);
  });
});
