import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { createGrpcTransport, type GrpcTransport } from '@mawid/rpc';
import { createTokenVerifier, type RunningService, reasonOf, startService } from '@mawid/service-kit';
import {
  type ForgedTokens,
  forgeTokens,
  headersOf,
  startTestIssuer,
  startTrap,
  type TestIssuer,
  type Trap,
} from '@mawid/service-kit/testing';
import { createFixtureService, type FixtureContext } from './support/fixture-service.ts';

const bookingId = '019abc00-0000-7000-8000-000000000001';

let infrastructure: TestInfrastructure;
let issuer: TestIssuer;
let trap: Trap;
let forged: ForgedTokens;
let running: RunningService<FixtureContext>;
let transport: GrpcTransport;

beforeAll(async () => {
  infrastructure = await startTestInfrastructure();
  issuer = await startTestIssuer();
  trap = await startTrap();
  forged = await forgeTokens(issuer, trap.url);
  const definition = await createFixtureService();
  const config = definition.loadConfig({
    BOOKING_DATABASE_URL: await infrastructure.databaseUrl(),
    BOOKING_GRPC_PORT: '0',
    BOOKING_HTTP_PORT: '0',
    NATS_URL: infrastructure.natsUrl,
    IDENTITY_JWKS_URL: issuer.jwksUrl,
    IDENTITY_GRPC_ADDRESS: '127.0.0.1:9',
    LOG_LEVEL: 'silent',
  });
  running = await startService(definition, config);
  transport = createGrpcTransport(`127.0.0.1:${running.grpcPort}`);
});

afterAll(async () => {
  transport.close();
  await running.close();
  await trap.close();
  await issuer.close();
  await infrastructure.close();
});

function cancel(token: string): Promise<string> {
  const call = createClient(BookingService, transport).cancelBooking({ bookingId }, { headers: headersOf({ token }) });
  return call.then(
    () => 'OK',
    (error: unknown) => reasonOf(error) ?? String(error),
  );
}

function eachOf(outcome: string): Record<string, string> {
  return Object.fromEntries(Object.keys(forged).map((name) => [name, outcome]));
}

describe('a forged access token', () => {
  it('T1: is refused by the verifier, whatever is wrong with it', async () => {
    const verifier = createTokenVerifier(issuer);
    const outcomes = Object.entries(forged).map(async ([name, token]) => {
      return [name, (await verifier.verify(token)) === undefined ? 'refused' : 'accepted'] as const;
    });
    expect(Object.fromEntries(await Promise.all(outcomes))).toEqual(eachOf('refused'));
    expect(await verifier.verify(await issuer.sign({ userId: 'u1' }))).toMatchObject({ sessionVersion: 1 });
  });

  it('T1: is UNAUTHENTICATED over gRPC, and never a fault', async () => {
    const outcomes = Object.entries(forged).map(async ([name, token]) => [name, await cancel(token)] as const);
    expect(Object.fromEntries(await Promise.all(outcomes))).toEqual(eachOf('UNAUTHENTICATED'));
    expect(await cancel(await issuer.sign({ userId: 'u1' }))).toBe('OK');
  });

  it('T1: sends nobody to the address that it names', () => {
    expect(trap.requests).toEqual([]);
  });
});
