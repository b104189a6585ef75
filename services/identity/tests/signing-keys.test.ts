import { createClient } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AdminService } from '@mawid/contracts/gen/mawid/identity/v1/admin_service_pb.js';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { createGrpcTransport, type GrpcTransport } from '@mawid/rpc';
import { createTokenVerifier, type RunningService, startService } from '@mawid/service-kit';
import { createTestClock, silentLogger, type TestClock } from '@mawid/service-kit/testing';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { v7 as uuidv7 } from 'uuid';
import { loadConfig } from '../src/config.ts';
import type { Context } from '../src/context.ts';
import type { User } from '../src/domain/user.ts';
import { createKeyRing } from '../src/keys/create-key-ring.ts';
import { rotateOnSchedule } from '../src/keys/rotate-on-schedule.ts';
import { identityService } from '../src/service.ts';
import { issueAccessToken } from '../src/sessions/issue-access-token.ts';
import { refusalOf } from './identity-fixture.ts';

const second = 1_000;
const minute = 60 * second;
const rules = { issuer: 'https://mawid.sa', audience: 'mawid' };
let infrastructure: TestInfrastructure;
let running: RunningService<Context>;
let transport: GrpcTransport;
let clock: TestClock;
let jwksUrl: string;

beforeAll(async () => {
  infrastructure = await startTestInfrastructure();
});
afterAll(() => infrastructure?.close());

beforeEach(async () => {
  clock = createTestClock(new Date());
  const config = loadConfig({
    IDENTITY_DATABASE_URL: await infrastructure.databaseUrl('identity'),
    NATS_URL: infrastructure.natsUrl,
    // Its clients share this process: a busy machine would have it turn calls away.
    OVERLOAD_MAX_DELAY_MS: '0',
    IDENTITY_GRPC_PORT: '0',
    IDENTITY_HTTP_PORT: '0',
  });
  running = await startService(identityService, config, { clock, logger: silentLogger() });
  await running.ctx.database.pool.query('DELETE FROM signing_keys');
  running.ctx.keyRing.forget();
  await running.ctx.keyRing.requireSigningKey();
  jwksUrl = `http://127.0.0.1:${running.httpPort}/.well-known/jwks.json`;
  transport = createGrpcTransport(`127.0.0.1:${running.grpcPort}`);
  // The caches of verifiers look at the time of the process.
  jest.spyOn(Date, 'now').mockImplementation(() => clock.now().getTime());
});
afterEach(async () => {
  jest.restoreAllMocks();
  transport?.close();
  await running?.close();
});

/** An access token, signed now. */
async function issue(): Promise<string> {
  const user: User = {
    ...{ id: uuidv7(), phoneNumber: '+966541000001', email: undefined, role: 'customer', firstName: '', lastName: '' },
    ...{ preferredLanguage: undefined, verifiedAt: undefined, suspendedAt: undefined, suspensionReason: undefined },
    ...{ sessionVersion: 1, version: 1, createdAt: clock.now() },
  };
  const expiresAt = new Date(clock.now().getTime() + 3_600 * second);
  const session = { id: uuidv7(), amr: ['otp'], authenticatedAt: clock.now(), expiresAt, user };
  return (await issueAccessToken(running.ctx, session)).access;
}

const kidOf = (token: string) => decodeProtectedHeader(token).kid;
const publishedKids = async () =>
  ((await (await fetch(jwksUrl)).json()) as JSONWebKeySet).keys.map(({ kid }) => String(kid));
const rotateKey = (isCompromised = false, peer = 'ops') =>
  createClient(AdminService, transport).rotateSigningKey({ isCompromised }, { headers: { 'x-mawid-peer': peer } });
const rotations: [string, () => Promise<unknown>][] = [
  ['by an operator', () => rotateKey()],
  [
    'on schedule',
    () => {
      clock.advance(running.ctx.config.keys.rotationMs);
      return rotateOnSchedule(running.ctx);
    },
  ],
];

/** What every service has: it keeps keys for minutes, and looks again when it meets an unknown one. */
function kitVerifier() {
  const verifier = createTokenVerifier({ ...rules, jwksUrl, now: () => clock.now().getTime() });
  return async (token: string) => (await verifier.verify(token)) !== undefined;
}

/** One that believes what it was told for as long as `max-age` allows, and never looks again before. */
function patientVerifier() {
  let kept: { keySet: JSONWebKeySet; until: number } | undefined;
  return async (token: string) => {
    if (kept === undefined || kept.until <= Date.now()) {
      const response = await fetch(jwksUrl);
      const maxAge = Number(/max-age=(\d+)/.exec(response.headers.get('cache-control') ?? '')?.[1]);
      kept = { keySet: (await response.json()) as JSONWebKeySet, until: Date.now() + maxAge * second };
    }
    const options = { ...rules, typ: 'at+jwt', currentDate: clock.now() };
    return jwtVerify(token, createLocalJWKSet(kept.keySet), options).then(
      () => true,
      () => false,
    );
  };
}

describe('a rotation of signing keys', () => {
  it.each(rotations)('T10: %s: nobody gets a 401, and old tokens live out their time', async (_, rotate) => {
    const verifiers = [kitVerifier()];
    const refused: string[] = [];
    const tokens: { token: string; until: number }[] = [];
    const kids = new Set<string | undefined>();
    let changedAt = 0;
    for (let step = 0; step < 100; step++) {
      // Verifiers that begin at different times fetch the keys at different times: one of them just before the rotation.
      if (step <= 10) verifiers.push(patientVerifier(), kitVerifier());
      const token = await issue();
      if (!kids.has(kidOf(token))) changedAt = step;
      kids.add(kidOf(token));
      tokens.push({ token, until: Date.now() + 900 * second });
      const live = tokens.filter(({ until }) => until > Date.now());
      for (const verify of verifiers) {
        for (const each of [live[0], live.at(-1)]) if (each && !(await verify(each.token))) refused.push(`${step}`);
      }
      if (step === 10) await rotate();
      clock.advance(30 * second);
    }
    expect(refused).toEqual([]);
    expect(kids.size).toBe(2);
    // Ten minutes after the rotation, and not before the next token is signed.
    expect(changedAt).toBe(30);
  });

  it.each(rotations)(
    'T10: %s: both keys are published until the last token of the old one is dead',
    async (_, rotate) => {
      const { keys, tokens } = running.ctx.config;
      const old = String(kidOf(await issue()));
      await Promise.all([rotate(), rotateOnSchedule(running.ctx)]);
      const [, next] = await publishedKids();
      expect(await publishedKids()).toEqual([old, next]);
      expect(kidOf(await issue())).toBe(old);
      clock.advance(keys.leadMs);
      expect(kidOf(await issue())).toBe(next);
      clock.advance(tokens.lifetimeSeconds * second);
      expect(await publishedKids()).toEqual([old, next]);
      clock.advance(keys.overlapMs);
      expect(await publishedKids()).toEqual([next]);
    },
  );
});

describe('RotateSigningKey', () => {
  it('says which key comes and when, the same while it waits, and is written down', async () => {
    const answer = await rotateKey();
    expect(Number(answer.activeFrom?.seconds)).toBe(Math.floor((Date.now() + 10 * minute) / second));
    expect((await rotateKey()).kid).toBe(answer.kid);
    expect(await publishedKids()).toContain(answer.kid);
    const { rows } = await running.ctx.database.pool.query(
      `SELECT actor_kind, actor_id, details FROM audit_log WHERE kind = 'signing_key_rotated' ORDER BY id DESC LIMIT 1`,
    );
    const details = { kid: answer.kid, is_compromised: 'false' };
    expect(rows).toEqual([{ actor_kind: 'service', actor_id: 'ops', details }]);
  });

  it('withdraws compromised keys at once: their tokens die, the next ones are good everywhere', async () => {
    const verify = kitVerifier();
    const replica = createKeyRing({
      ...{ database: running.ctx.database, clock, schedule: running.ctx.config.keys },
      secret: running.ctx.config.signingKeySecret,
    });
    const waiting = await rotateKey();
    const forged = await issue();
    expect(await verify(forged)).toBe(true);
    expect((await replica.requireSigningKey()).kid).toBe(kidOf(forged));
    clock.advance(6 * second);

    const { kid } = await rotateKey(true);
    expect(await publishedKids()).toEqual([kid]);
    const fresh = await issue();
    expect(kidOf(fresh)).toBe(kid);
    expect(await verify(fresh)).toBe(true);
    expect((await replica.requireSigningKey()).kid).toBe(kid);
    // A verifier remembers a good token for a minute.
    clock.advance(minute);
    expect(await verify(forged)).toBe(false);
    expect(await verify(fresh)).toBe(true);
    clock.advance(10 * minute);
    expect(kidOf(await issue())).toBe(kid);
    expect(kid).not.toBe(waiting.kid);
  });

  it('makes one key of two orders that meet', async () => {
    const answers = await Promise.all([rotateKey(), rotateKey(), rotateOnSchedule(running.ctx)]);
    expect(answers[0]?.kid).toBe(answers[1]?.kid);
    const orders = await Promise.all([rotateKey(true), rotateKey(true)]);
    expect(orders.map(({ kid }) => kid)).toContain((await publishedKids())[0]);
    expect(await publishedKids()).toHaveLength(1);
  });

  it('on schedule makes one key in several processes, and is written down', async () => {
    clock.advance(running.ctx.config.keys.rotationMs);
    await Promise.all([1, 2, 3].map(() => rotateOnSchedule(running.ctx)));
    const kids = await publishedKids();
    expect(kids).toHaveLength(2);
    const { rows } = await running.ctx.database.pool.query(
      `SELECT actor_kind FROM audit_log WHERE kind = 'signing_key_rotated' AND details ->> 'kid' = $1`,
      [kids[1]],
    );
    expect(rows).toEqual([{ actor_kind: 'system' }]);
    await rotateOnSchedule(running.ctx);
    expect(await publishedKids()).toEqual(kids);
  });

  it('is for operators', async () => {
    for (const peer of ['booking', '']) expect(await refusalOf(rotateKey(false, peer))).toBe('PERMISSION_DENIED');
  });
});

describe('the first key', () => {
  it('T10: made by another process in between, is seen at once by a process that has just looked in vain', async () => {
    const { ctx } = running;
    const { kid } = await ctx.keyRing.requireSigningKey();
    for (const use of ['requireSigningKey', 'listPublicKeys'] as const) {
      let looks = 0;
      const database: typeof ctx.database = {
        ...ctx.database,
        async query(query) {
          const result = await ctx.database.query<never>(query);
          return looks++ === 0 ? { ...result, rows: [] } : result;
        },
      };
      const options = { database, clock, schedule: ctx.config.keys, secret: ctx.config.signingKeySecret };
      expect([await createKeyRing(options)[use]()].flat()).toMatchObject([{ kid }]);
    }
  });
});

describe('the key set', () => {
  it('is not sent again to whoever has it', async () => {
    await issue();
    const first = await fetch(jwksUrl);
    const etag = first.headers.get('etag') ?? '';
    const known = await fetch(jwksUrl, { headers: { 'if-none-match': `"x", W/${etag}` } });
    expect([first.status, known.status, await known.text()]).toEqual([200, 304, '']);
    expect(known.headers.get('cache-control')).toBe(first.headers.get('cache-control'));
    await rotateKey();
    const changed = await fetch(jwksUrl, { headers: { 'if-none-match': etag } });
    expect([changed.status, ((await changed.json()) as JSONWebKeySet).keys.length]).toEqual([200, 2]);
  });

  it('may be kept for less time than a new key waits before it signs', async () => {
    await issue();
    const control = (await fetch(jwksUrl)).headers.get('cache-control') ?? '';
    const maxAge = Number(/max-age=(\d+)/.exec(control)?.[1]);
    // A cache in between may add its own time once.
    expect(2 * maxAge * second).toBeLessThanOrEqual(running.ctx.config.keys.leadMs);
  });
});
