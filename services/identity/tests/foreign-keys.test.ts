import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type IdentityFixture, startIdentity } from './identity-fixture.ts';

let identity: IdentityFixture;

beforeAll(async () => {
  identity = await startIdentity();
});
afterAll(() => identity?.close());

describe('what goes with a deleted row', () => {
  it('is found by an index over all rows, so that no deletion reads a whole table', async () => {
    const references = await identity.rows<{ name: string; is_indexed: boolean }>(
      `SELECT c.conrelid::regclass || '.' || c.conname AS name,
              EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indpred IS NULL
                         AND (i.indkey::int2[])[0] = c.conkey[1]) AS is_indexed
         FROM pg_constraint c WHERE c.contype = 'f' ORDER BY 1`,
    );
    expect(references.length).toBeGreaterThan(3);
    expect(references.filter((each) => !each.is_indexed)).toEqual([]);
  });
});
