import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { silentLogger, waitFor } from '@mawid/service-kit/testing';
import type { CoreConfig } from '../src/config/core-config.ts';
import { startPurgeJob } from '../src/service/purge-job.ts';
import { type Kit, openKit } from './support/kit.ts';

describe('startPurgeJob', () => {
  let infrastructure: TestInfrastructure;
  let kit: Kit;

  beforeAll(async () => {
    infrastructure = await startTestInfrastructure();
    kit = await openKit({ databaseUrl: await infrastructure.databaseUrl(), natsUrl: infrastructure.natsUrl });
  });
  afterAll(async () => {
    await kit?.close();
    await infrastructure?.close();
  });

  const park = (subject: string, replayedAgo: string | undefined) =>
    kit.database.query({
      name: 'test.park',
      text: `INSERT INTO dead_letters (event_id, subject, payload, deliveries, error, created_at, replayed_at)
             VALUES (uuidv7(), $1, '', 1, 'test', now() - interval '1 year', now() - $2::interval)`,
      values: [subject, replayedAgo],
    });

  const parked = async () => {
    const text = 'SELECT subject FROM dead_letters ORDER BY subject';
    const { rows } = await kit.database.query<{ subject: string }>({ name: 'test.parked', text });
    return rows.map(({ subject }) => subject);
  };

  it('forgets dead letters that were replayed some time ago, and none that waits for somebody', async () => {
    await park('replayed just now', '1 hour');
    await park('replayed long ago', '3 days');
    await park('waiting', undefined);
    const config = { outboxRetentionMs: 48 * 3_600_000 } as CoreConfig;
    const job = startPurgeJob(config, { ...kit, logger: silentLogger() });
    await waitFor('the purge', async () => (await parked()).length < 3);
    await job.close();
    expect(await parked()).toEqual(['replayed just now', 'waiting']);
  });
});
