import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type SessionEnded, SessionEndedSchema } from '@mawid/contracts/gen/mawid/identity/events/v1/events_pb.js';
import { SessionService } from '@mawid/contracts/gen/mawid/identity/v1/session_service_pb.js';
import { createTestNats, type TestNats } from '@mawid/dev-stack';
import { createGrpcTransport, type GrpcServer, type GrpcTransport, startGrpcServer } from '@mawid/rpc';
import {
  connectNats,
  createTokenVerifier,
  type NatsConnection,
  type SessionWatch,
  startSessionWatch,
  startTelemetry,
  type Telemetry,
} from '@mawid/service-kit';
import { silentLogger, startTestIssuer, type TestIssuer, waitFor } from '@mawid/service-kit/testing';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { ensureStream } from '../src/events/streams.ts';

const session = { userId: 'u1', sessionId: 's1', sessionVersion: 2 };

let server: TestNats;
let nats: NatsConnection;
let issuer: TestIssuer;
let identity: GrpcServer;
let transport: GrpcTransport;
let watch: SessionWatch;
let telemetry: Telemetry;
/** What identity answers, and how often it was asked. */
let isLive = true;
let asked = 0;

beforeAll(async () => {
  server = await createTestNats();
  await server.start();
  nats = await connectNats({ url: server.url, name: 'test' });
  issuer = await startTestIssuer();
  const answer = async () => {
    asked += 1;
    return { isLive };
  };
  identity = await startGrpcServer(
    { routes: (router) => void router.service(SessionService, { checkSession: answer }) },
    { host: '127.0.0.1', port: 0 },
  );
  transport = createGrpcTransport(`127.0.0.1:${identity.port}`);
});

afterAll(async () => {
  transport.close();
  await identity.close();
  await issuer.close();
  await nats.close();
  await server.close();
});

beforeEach(() => {
  isLive = true;
  asked = 0;
  telemetry = startTelemetry({ service: 'test' });
});

afterEach(() => watch.close());

function start(options: { identity?: GrpcTransport | undefined; settleMs?: number } = {}): SessionWatch {
  watch = startSessionWatch({
    connect: async () => nats,
    identity: transport,
    logger: silentLogger(),
    telemetry,
    settleMs: 0,
    ...options,
  });
  return watch;
}

async function tell(ended: Partial<SessionEnded>): Promise<void> {
  const bytes = toBinary(SessionEndedSchema, create(SessionEndedSchema, { userId: 'u1', ...ended } as never));
  await jetstream(nats).publish('identity.session.v1.ended', bytes);
}

async function makeStream(): Promise<void> {
  await ensureStream(await jetstreamManager(nats), { stream: 'IDENTITY' });
}

async function figure(name: string): Promise<number> {
  const [line = ''] = (await telemetry.metrics.metrics()).split('\n').filter((each) => each.startsWith(name));
  return Number(line.split(' ').at(-1));
}

const hears = () => waitFor('the stream', async () => (await figure('mawid_ended_sessions_heard')) === 1);

describe('startSessionWatch', () => {
  it('asks identity while there is no stream, and hears as soon as there is one', async () => {
    start();
    expect(await watch.judge(session)).toEqual({ isLive: true, believedMs: 60_000 });
    expect(asked).toBe(1);
    await makeStream();
    await hears();
    await watch.judge(session);
    expect(asked).toBe(1);
  });

  it('T9: hears of an ended session, and of all sessions of a user', async () => {
    start();
    await hears();
    await tell({ sessionId: 'heard' });
    await tell({ userId: 'u2', sessionVersion: 3 });
    await waitFor('the end', () => watch.isEnded({ ...session, userId: 'u2' }));
    expect(watch.isEnded({ ...session, sessionId: 'heard' })).toBe(true);
    expect(watch.isEnded({ ...session, userId: 'u2', sessionVersion: 3 })).toBe(false);
    expect(watch.isEnded(session)).toBe(false);
    expect(asked).toBe(0);
  });

  it('T9: a replica that starts later knows what ended before', async () => {
    await tell({ sessionId: 'before' });
    start();
    await waitFor('the end', () => watch.isEnded({ ...session, sessionId: 'before' }));
  });

  it('T9: ends a token that was verified before and is remembered', async () => {
    const verifier = createTokenVerifier(issuer, start());
    await hears();
    const [first, second] = [await issuer.sign({ userId: 'u7', sessionId: 'a' }), await issuer.sign({ userId: 'u7' })];
    expect(await verifier.verify(first)).toMatchObject({ sessionId: 'a' });
    await tell({ userId: 'u7', sessionId: 'a' });
    await waitFor('the refusal', async () => (await verifier.verify(first)) === undefined);
    expect(await verifier.verify(second)).toMatchObject({ userId: 'u7' });
    await tell({ userId: 'u7', sessionVersion: 2 });
    await waitFor('the refusal', async () => (await verifier.verify(second)) === undefined);
    expect(await verifier.verify(await issuer.sign({ userId: 'u7', sessionVersion: 2 }))).toBeDefined();
  });

  it('skips what it cannot read', async () => {
    start();
    await hears();
    await jetstream(nats).publish('identity.session.v1.ended', new Uint8Array([0xff]));
    await tell({ sessionId: 'after' });
    await waitFor('the end', () => watch.isEnded({ ...session, sessionId: 'after' }));
  });

  it('does not count as hearing before identity has had time to publish what it kept', async () => {
    start({ settleMs: 60_000 });
    await tell({ sessionId: 'settling' });
    await waitFor('the end', () => watch.isEnded({ ...session, sessionId: 'settling' }));
    await watch.judge(session);
    expect(asked).toBe(1);
  });

  it('asks once for calls that bring one token at one moment', async () => {
    const verifier = createTokenVerifier(issuer, start({ settleMs: 60_000 }));
    const token = await issuer.sign({ userId: 'u8' });
    await Promise.all(Array.from({ length: 20 }, () => verifier.verify(token)));
    expect(asked).toBe(1);
  });

  it('T9: while the stream is away identity says who is signed out, and afterwards the stream again', async () => {
    const verifier = createTokenVerifier(issuer, start());
    await hears();
    await server.stop();
    await waitFor('the silence', async () => (await figure('mawid_ended_sessions_heard')) === 0);
    isLive = false;
    expect(await verifier.verify(await issuer.sign({ userId: 'u9' }))).toBeUndefined();
    expect(await figure('mawid_session_checks_total{outcome="ended"')).toBe(1);
    await server.start();
    await hears();
    await tell({ sessionId: 'again' });
    await waitFor('the end', () => watch.isEnded({ ...session, sessionId: 'again' }));
  });

  it('notices a server that holds the connection and says nothing', async () => {
    start();
    await hears();
    await server.freeze();
    try {
      const isDeaf = async () => (await figure('mawid_ended_sessions_heard')) === 0;
      await waitFor('the silence', isDeaf, { timeoutMs: 40_000, everyMs: 200 });
    } finally {
      await server.thaw();
    }
    await waitFor('the stream', async () => (await figure('mawid_ended_sessions_heard')) === 1, { timeoutMs: 40_000 });
  });

  it('believes a valid token when identity cannot be asked either, for seconds, and counts it', async () => {
    const nowhere = createGrpcTransport('127.0.0.1:9', { retries: false });
    start({ identity: nowhere, settleMs: 60_000 });
    expect(await watch.judge(session)).toEqual({ isLive: true, believedMs: 5_000 });
    expect(await figure('mawid_session_checks_total{outcome="unknown"')).toBe(1);
    nowhere.close();
  });
});
