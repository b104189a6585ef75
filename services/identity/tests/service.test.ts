import { createServer } from 'node:net';
import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthService } from '@mawid/contracts/gen/mawid/identity/v1/auth_service_pb.js';
import { UserService } from '@mawid/contracts/gen/mawid/identity/v1/user_service_pb.js';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { createGrpcTransport, type GrpcTransport } from '@mawid/rpc';
import { type RunningService, startService } from '@mawid/service-kit';
import { silentLogger, waitFor } from '@mawid/service-kit/testing';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { loadConfig } from '../src/config.ts';
import type { Context } from '../src/context.ts';
import { createKeyRing } from '../src/keys/create-key-ring.ts';
import { identityService } from '../src/service.ts';
import { codeIn, refusalOf } from './identity-fixture.ts';

let infrastructure: TestInfrastructure;
let env: NodeJS.ProcessEnv;
let running: RunningService<Context>;
let transport: GrpcTransport;

beforeAll(async () => {
  infrastructure = await startTestInfrastructure();
  const httpPort = await findFreePort();
  env = {
    IDENTITY_DATABASE_URL: await infrastructure.databaseUrl('identity'),
    NATS_URL: infrastructure.natsUrl,
    // Its clients share this process: a busy machine would have it turn calls away.
    OVERLOAD_MAX_DELAY_MS: '0',
    IDENTITY_GRPC_PORT: '0',
    IDENTITY_HTTP_PORT: String(httpPort),
    IDENTITY_JWKS_URL: `http://127.0.0.1:${httpPort}/.well-known/jwks.json`,
  };
  running = await startService(identityService, loadConfig(env), { logger: silentLogger() });
  transport = createGrpcTransport(`127.0.0.1:${running.grpcPort}`);
});
afterAll(async () => {
  transport?.close();
  await running?.close();
  await infrastructure?.close();
});

const loadKeys = async () => {
  const response = await fetch(env.IDENTITY_JWKS_URL ?? '');
  return { response, keySet: (await response.json()) as JSONWebKeySet };
};

async function signIn(phoneNumber: string) {
  const auth = createClient(AuthService, transport);
  const { requestId } = await auth.requestPhoneCode({ phoneNumber });
  return auth.verifyPhoneCode({ requestId, code: await codeIn(running.ctx, requestId) });
}

describe('the running service', () => {
  it('publishes the keys that its tokens are verified with, and says how long they may be kept', async () => {
    const { access } = await signIn('+966541000001');
    const { response, keySet } = await loadKeys();
    expect(response.headers.get('cache-control')).toContain('max-age=300');
    expect(keySet.keys).toEqual([expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })]);
    expect(JSON.stringify(keySet)).not.toContain('"d"');
    const rules = { issuer: 'https://mawid.sa', audience: 'mawid', typ: 'at+jwt', algorithms: ['ES256'] };
    await expect(jwtVerify(access, createLocalJWKSet(keySet), rules)).resolves.toMatchObject({
      payload: { role: 'customer' },
    });
  });

  it('knows its own tokens over gRPC, and refuses a forged one', async () => {
    const { access } = await signIn('+966541000002');
    const users = createClient(UserService, transport);
    const me = await users.getMe({}, { headers: { authorization: `Bearer ${access}` } });
    expect(me.phoneNumber).toBe('+966541000002');
    const [header, , signature] = access.split('.');
    const payload = Buffer.from(JSON.stringify({ sub: me.id, role: 'admin' })).toString('base64url');
    const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
    for (const forged of [`${header}.${payload}.${signature}`, `${none}.${payload}.`, access.slice(0, -8)]) {
      expect(await refusalOf(users.getMe({}, { headers: { authorization: `Bearer ${forged}` } }))).toBe(
        'UNAUTHENTICATED',
      );
    }
  });

  it('publishes what it wrote', async () => {
    await signIn('+966541000003');
    await waitFor('the outbox to be empty', () => running.settled());
  });

  it('keeps its key over a restart, sealed', async () => {
    const before = (await loadKeys()).keySet;
    const { access } = await signIn('+966541000004');
    const again = createKeyRing({
      database: running.ctx.database,
      clock: running.ctx.clock,
      schedule: running.ctx.config.keys,
      secret: running.ctx.config.signingKeySecret,
    });
    expect(await again.listPublicKeys()).toEqual(before.keys);
    expect((await again.requireSigningKey()).kid).toBe(before.keys[0]?.kid);
    expect(access).not.toBe('');
    const { rows } = await running.ctx.database.pool.query('SELECT sealed_private_key FROM signing_keys');
    expect(rows[0].sealed_private_key.toString('latin1')).not.toContain('PRIVATE KEY');
  });

  it('refuses to start under another key encryption key, in one line', async () => {
    const IDENTITY_KEY_ENCRYPTION_KEY = Buffer.alloc(32, 9).toString('base64url');
    const config = loadConfig({ ...env, IDENTITY_HTTP_PORT: '0', IDENTITY_KEY_ENCRYPTION_KEY });
    await expect(startService(identityService, config, { logger: silentLogger() })).rejects.toThrow(
      'IDENTITY_KEY_ENCRYPTION_KEY does not open the signing keys in the database',
    );
  });
});

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
