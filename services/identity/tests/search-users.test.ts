import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SearchUsersRequest, UserState } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { type IdentityFixture, refusalOf, startIdentity } from './identity-fixture.ts';
import { type Account, newAdmin, Role } from './support/accounts.ts';

let identity: IdentityFixture;
let admin: Account;

type Person = [phone: string, first: string, last: string, email: string | null, role: string, state: string];

const people: Person[] = [
  ['+966512345678', 'Nora', 'Saad', 'nora.saad@example.com', 'customer', 'active'],
  ['+966598765678', 'نورة', 'العتيبي', null, 'customer', 'active'],
  ['+971512345678', 'Layla', 'Haddad', 'l_haddad@example.com', 'customer', 'active'],
  ['+966534560012', 'Sara', 'Ali', 'sara%ali@example.com', 'staff', 'active'],
  ['+966534560013', 'Huda', 'Omar', null, 'manager', 'suspended'],
  ['+966534560014', 'Reem', 'Omar', null, 'customer', 'provisional'],
];

beforeAll(async () => {
  identity = await startIdentity();
  admin = await newAdmin(identity);
  for (const [index, [phone, first, last, email, role, state]] of people.entries()) {
    await identity.rows(
      `INSERT INTO users (id, phone_number, first_name, last_name, email, role, verified_at, suspended_at, suspension_reason,
                          created_at, updated_at)
       VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7 <> 'provisional' THEN now() END,
               CASE WHEN $7 = 'suspended' THEN now() END, CASE WHEN $7 = 'suspended' THEN 'why' END, now(), now())`,
      ...[`0000000${index}-0000-7000-8000-000000000000`, phone, first, last, email, role, state],
    );
  }
});
afterAll(() => identity?.close());

type Search = Partial<Pick<SearchUsersRequest, 'query' | 'role' | 'state' | 'pageSize' | 'pageToken'>>;
const search = (request: Search) => identity.admin.searchUsers(request, admin.on);
const found = async (request: Search) =>
  (await search(request)).users.map(({ user }) => user?.firstName || 'admin').filter((name) => name !== 'admin');

describe('SearchUsers', () => {
  it.each([
    ['+966512345678', ['Nora']],
    ['٠٥١٢٣٤٥٦٧٨', ['Nora']],
    ['051 234 5678', ['Nora']],
    // The exact number first, though another with these digits is newer.
    ['512345678', ['Nora', 'Layla']],
    ['5678', ['Layla', 'نورة', 'Nora']],
    ['٥٦٧٨', ['Layla', 'نورة', 'Nora']],
    ['0012', ['Sara']],
    ['60013', ['Huda']],
    // Not in the middle, nor at the beginning.
    ['6600', []],
    ['9999', []],
  ])('finds by number: %s', async (query, expected) => {
    expect(await found({ query })).toEqual(expected);
  });

  it.each([
    ['nora', ['Nora']],
    ['ORA SA', ['Nora']],
    ['نورة', ['نورة']],
    ['ورة الع', ['نورة']],
    ['نو', ['نورة']],
    ['omar', ['Reem', 'Huda']],
    ['haddad@EXAMPLE', ['Layla']],
    // Signs that mean something to LIKE mean themselves.
    ['l_h', ['Layla']],
    ['a%a', ['Sara']],
    ['%', ['Sara']],
    ['nobody', []],
  ])('finds by a part of a name or e-mail address: %s', async (query, expected) => {
    expect(await found({ query })).toEqual(expected);
  });

  it.each<[Search, string[]]>([
    [{ role: Role.MANAGER }, ['Huda']],
    [{ role: Role.STAFF, query: 'omar' }, []],
    [{ state: UserState.SUSPENDED }, ['Huda']],
    [{ state: UserState.PROVISIONAL }, ['Reem']],
    [{ state: UserState.ACTIVE, query: '5678' }, ['Layla', 'نورة', 'Nora']],
    [{ state: UserState.SUSPENDED, query: '+966512345678' }, []],
    [{ role: Role.MANAGER, query: '+966534560013' }, ['Huda']],
    [{}, ['Reem', 'Huda', 'Sara', 'Layla', 'نورة', 'Nora']],
  ])('narrows by role and state: %j', async (request, expected) => {
    expect(await found(request)).toEqual(expected);
  });

  it('gives each user once over its pages, also when one is made in between', async () => {
    const names: string[] = [];
    let pageToken = '';
    do {
      const page = await search({ query: '512345678', pageSize: 1, pageToken });
      names.push(...page.users.map(({ user }) => user?.firstName ?? ''));
      pageToken = page.nextPageToken;
      if (names.length === 1) await identity.auth.register({ phoneNumber: '+971551234567', firstName: 'Newcomer' });
    } while (pageToken !== '');
    expect(names).toEqual(['Nora', 'Layla']);
  });

  it('refuses a page token of another search', async () => {
    const { nextPageToken } = await search({ query: '5678', pageSize: 1 });
    expect(nextPageToken).not.toBe('');
    expect(await refusalOf(search({ query: '0012', pageToken: nextPageToken }))).toBe('PAGE_TOKEN_INVALID');
  });

  it('is written down without names and addresses that were looked for', async () => {
    await search({ query: 'secretname' });
    await search({ query: '+966512345678' });
    const lines = await identity.rows<{ phone_number: string | null }>(
      `SELECT * FROM audit_log WHERE kind = 'users_searched' ORDER BY at, id`,
    );
    expect(JSON.stringify(lines)).not.toContain('secretname');
    expect(lines.at(-1)).toMatchObject({ actor_id: admin.id, phone_number: '+966512345678', details: { by: 'phone' } });
  });

  it('reads an index, not all users, for the end of a number and a part of a name, in Arabic too', async () => {
    await identity.rows(
      `INSERT INTO users (id, phone_number, first_name, verified_at, created_at, updated_at)
       SELECT uuidv7(), '+96657' || lpad(n::text, 7, '0'), 'عميل رقم ' || n, now(), now(), now() FROM generate_series(1, 5000) n`,
    );
    await identity.rows('ANALYZE users');
    const planOf = async (condition: string) => {
      const lines = await identity.rows<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT u.id FROM users u WHERE ${condition}`,
      );
      return lines.map((line) => line['QUERY PLAN']).join('\n');
    };
    const holds = (part: string) =>
      `strpos(u.search_text, '${part}') > 0 AND trigrams_of(u.search_text) @> trigrams_of('${part}')`;
    expect(await planOf(holds('haddad'))).toContain('users_trigrams');
    expect(await planOf(holds('العتيبي'))).toContain('users_trigrams');
    const endsWith = `reverse(u.phone_number) COLLATE "C" LIKE '2100%'`;
    expect(await planOf(endsWith)).toContain('users_phone_reversed');
    expect(await found({ query: 'العتيبي' })).toEqual(['نورة']);
  });
});
