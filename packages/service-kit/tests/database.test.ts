import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { insertEffect, type Kit, openKit, readEffects } from './support/kit.ts';

jest.setTimeout(60_000);

let infrastructure: TestInfrastructure;
let kit: Kit;

beforeAll(async () => {
  infrastructure = await startTestInfrastructure();
  kit = await openKit({ databaseUrl: await infrastructure.databaseUrl(), natsUrl: infrastructure.natsUrl });
});
afterAll(async () => {
  await kit.close();
  await infrastructure.close();
});

describe('transaction', () => {
  it('fails when the database has rolled back what was to be committed', async () => {
    // PostgreSQL answers COMMIT of a transaction with a failed statement with ROLLBACK, and calls that a success.
    const swallowing = kit.database.transaction(async (tx) => {
      await insertEffect(tx, { id: 'e', aggregateId: 'b1', aggregateVersion: 1 });
      await tx.query({ name: 'fails', text: 'SELECT 1 / 0' }).catch(() => undefined);
      return 'done';
    });
    await expect(swallowing).rejects.toThrow('rolled back');
    expect(await readEffects(kit.database)).toEqual([]);
    expect(await kit.database.transaction(async () => 'next')).toBe('next');
  });
});
