import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { type RunningService, startService } from '@mawid/service-kit';
import { silentLogger } from '@mawid/service-kit/testing';
import { loadConfig } from '../src/config.ts';
import type { Context } from '../src/context.ts';
import { identityService } from '../src/service.ts';

const command = join(import.meta.dirname, '../../../packages/dev-stack/src/cli/admin.ts');
let infrastructure: TestInfrastructure;
let running: RunningService<Context>;

beforeAll(async () => {
  infrastructure = await startTestInfrastructure();
  const config = loadConfig({
    IDENTITY_DATABASE_URL: await infrastructure.databaseUrl('identity'),
    NATS_URL: infrastructure.natsUrl,
    IDENTITY_GRPC_PORT: '0',
    IDENTITY_HTTP_PORT: '0',
  });
  running = await startService(identityService, config, { logger: silentLogger() });
});
afterAll(async () => {
  await running?.close();
  await infrastructure?.close();
});

function admin(args: string[], port = running.grpcPort): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, IDENTITY_GRPC_ADDRESS: `127.0.0.1:${port}` };
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
    });
  });
}

const keys = async () =>
  (
    await running.ctx.database.pool.query<{ kid: string; retired_at: Date | null }>(
      'SELECT kid, retired_at FROM signing_keys ORDER BY generation',
    )
  ).rows;

describe('npm run admin', () => {
  it('makes the first admin', async () => {
    const { code, out } = await admin(['create', '0512345678']);
    expect([code, out]).toEqual([0, expect.stringMatching(/^\+966512345678 is an admin now/)]);
  });

  it('rotates the signing key, and withdraws compromised ones', async () => {
    const early = await admin(['rotate-keys']);
    const [, next] = await keys();
    expect([early.code, early.out]).toEqual([0, expect.stringContaining(`the key ${next?.kid} signs from 2`)]);
    const compromised = await admin(['rotate-keys', '--compromised']);
    const all = await keys();
    expect([compromised.code, compromised.out]).toEqual([0, expect.stringContaining('all others are withdrawn')]);
    expect(all.map(({ retired_at }) => retired_at === null)).toEqual([false, false, true]);
    expect(compromised.out).toContain(all[2]?.kid);
  });

  it('says how it is used', async () => {
    for (const args of [[], ['rotate'], ['rotate-keys', '--hard']]) {
      expect(await admin(args)).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringContaining('usage: npm run admin'),
      });
    }
    expect(await admin(['--help'])).toMatchObject({ code: 0, err: '', out: expect.stringContaining('rotate-keys') });
  });

  it('says in one line what went wrong', async () => {
    const refused = await admin(['create', 'nonsense']);
    const unreachable = await admin(['rotate-keys'], 1);
    for (const { code, out, err } of [refused, unreachable]) {
      expect([code, out, err.trim().split('\n')]).toEqual([1, '', [expect.stringContaining('identity at 127.0.0.1:')]]);
    }
  });
});
