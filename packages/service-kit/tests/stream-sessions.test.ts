import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BookingService, CalendarEventSchema } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { createGrpcTransport, type GrpcServer, startGrpcServer } from '@mawid/rpc';
import { parseNetworks, serverInterceptors, startTelemetry, type VerifiedToken } from '@mawid/service-kit';
import { silentLogger, waitFor } from '@mawid/service-kit/testing';

/** What the verifier makes of the token, and how often it was asked. */
let answer: () => Promise<VerifiedToken | undefined>;
let asked: number;
/** Streams whose handlers have not ended. */
let open: number;
let server: GrpcServer;

const live: VerifiedToken = {
  ...{ userId: 'u1', role: 'manager', sessionId: 's1', sessionVersion: 1 },
  expiresAt: Number.POSITIVE_INFINITY,
};

beforeEach(() => {
  [answer, asked, open] = [async () => live, 0, 0];
});
afterEach(() => server.close());

/** One event, then silence for as long as the call lasts. */
async function* watchCalendar(_: unknown, { signal }: { signal: AbortSignal }) {
  open += 1;
  try {
    yield create(CalendarEventSchema, { id: '1-1' });
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  } finally {
    open -= 1;
  }
}

async function watch(streamCheckMs = 20) {
  const verify = () => {
    asked += 1;
    return answer();
  };
  const interceptors = serverInterceptors({
    ...{ telemetry: startTelemetry({ service: 'test' }), logger: silentLogger(), verifier: { verify }, streamCheckMs },
    trustedPeers: parseNetworks('127.0.0.0/8') ?? { includes: () => false },
  });
  server = await startGrpcServer(
    { routes: (router) => void router.service(BookingService, { watchCalendar }), interceptors },
    { host: '127.0.0.1', port: 0 },
  );
  const transport = createGrpcTransport(`127.0.0.1:${server.port}`);
  const events = createClient(BookingService, transport)
    .watchCalendar({ salonId: '019abc00-0000-7000-8000-0000000000f1' }, { headers: { authorization: 'Bearer t' } })
    [Symbol.asyncIterator]();
  await events.next();
  const end = events.next().then(
    () => undefined,
    (error: unknown) => ConnectError.from(error).code,
  );
  return { end, close: () => transport.close() };
}

describe('the session of an open stream', () => {
  it('T9: ends the stream with UNAUTHENTICATED soon after it has ended, and its handler', async () => {
    const { end, close } = await watch();
    await waitFor('another look', () => asked > 2);
    answer = async () => undefined;
    expect(await end).toBe(Code.Unauthenticated);
    await waitFor('the handler to end', () => open === 0);
    close();
  });

  it('ends the stream when the token ends, though nobody can tell of the session', async () => {
    answer = async () => ({ ...live, expiresAt: Date.now() + 300 });
    const { end, close } = await watch(50);
    answer = () => Promise.reject(new Error('the keys cannot be fetched'));
    expect(await end).toBe(Code.Unauthenticated);
    await waitFor('the handler to end', () => open === 0);
    close();
  });

  it('leaves the stream open where nobody can tell at the moment', async () => {
    const { end, close } = await watch();
    answer = () => Promise.reject(new Error('the keys cannot be fetched'));
    const before = asked;
    await waitFor('more looks', () => asked > before + 3);
    expect(open).toBe(1);
    await server.drain(1_000);
    expect(await end).toBe(Code.Unavailable);
    close();
  });
});
