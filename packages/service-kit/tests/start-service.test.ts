import { createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { BookingInternalService, BookingService } from '@mawid/contracts/gen/mawid/booking/v1/booking_service_pb.js';
import { startTestInfrastructure, type TestInfrastructure } from '@mawid/dev-stack';
import { createGrpcTransport, type GrpcTransport } from '@mawid/rpc';
import {
  type CoreConfig,
  clientInterceptors,
  type RunningService,
  startService,
  startTelemetry,
} from '@mawid/service-kit';
import { headersOf, startTestIssuer, type TestIssuer, waitFor } from '@mawid/service-kit/testing';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { createFixtureService, type FixtureContext } from './support/fixture-service.ts';
import { readEffects } from './support/kit.ts';

jest.setTimeout(60_000);

const id = '019abc00-0000-7000-8000-000000000001';

describe('startService', () => {
  let infrastructure: TestInfrastructure;
  let issuer: TestIssuer;
  let running: RunningService<FixtureContext>;
  let transport: GrpcTransport;
  let config: { core: CoreConfig };
  const spans = new InMemorySpanExporter();
  const telemetry = startTelemetry({ service: 'booking', spanProcessors: [new SimpleSpanProcessor(spans)] });

  beforeAll(async () => {
    infrastructure = await startTestInfrastructure();
    issuer = await startTestIssuer();
    const definition = await createFixtureService();
    config = definition.loadConfig({
      BOOKING_DATABASE_URL: await infrastructure.databaseUrl(),
      BOOKING_GRPC_PORT: '0',
      BOOKING_HTTP_PORT: '0',
      NATS_URL: infrastructure.natsUrl,
      IDENTITY_JWKS_URL: issuer.jwksUrl,
      LOG_LEVEL: 'silent',
    });
    running = await startService(definition, config, { telemetry });
    const interceptors = clientInterceptors({ peer: 'notify', telemetry });
    transport = createGrpcTransport(`127.0.0.1:${running.grpcPort}`, { interceptors });
  });
  afterAll(async () => {
    transport.close();
    await running.close();
    await issuer.close();
    await infrastructure.close();
  });

  const get = (path: string) => fetch(`http://127.0.0.1:${running.httpPort}${path}`);

  it('answers over gRPC, and over HTTP/1.1 with the same rules', async () => {
    const answer = await createClient(BookingInternalService, transport).getBookingState({ bookingId: id });
    expect(answer.version).toBe(7n);
    const url = `http://127.0.0.1:${running.httpPort}/mawid.booking.v1.BookingService/CancelBooking`;
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const refused = await fetch(url, post);
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([401, 'unauthenticated']);
  });

  it('serves health, metrics and routes of the service', async () => {
    expect(await (await get('/livez')).text()).toBe('ok\n');
    expect((await get('/readyz')).status).toBe(200);
    expect(await (await get('/hello')).text()).toBe('hello');
    const metrics = await get('/metrics');
    const text = await metrics.text();
    expect(metrics.headers.get('content-type')).toContain('application/openmetrics-text');
    expect(text).toMatch(/rpc_server_call_duration_seconds_bucket\{.*GetBookingState.*# \{trace_id="[0-9a-f]{32}"/);
    expect(text).toContain('mawid_outbox_pending_events 0');
    expect(text).toContain('db_client_connection_count');
    expect((await get('/nothing')).status).toBe(404);
  });

  it('carries one trace from the call over the outbox to the consumer', async () => {
    spans.reset();
    const headers = headersOf({ token: await issuer.sign({ userId: 'u1' }) });
    await createClient(BookingService, transport).cancelBooking({ bookingId: id }, { headers });
    await waitFor('everything settled', () => running.settled());
    expect(await readEffects(running.ctx.database)).toEqual([`${id}@1`]);
    const ended = await waitFor('the span of the consumer', () => {
      const all = spans.getFinishedSpans();
      return all.some((span) => span.name.startsWith('process ')) && all;
    });
    const call = ended.find((span) => span.name === 'mawid.booking.v1.BookingService/CancelBooking' && span.kind === 1);
    const ofTrace = ended
      .filter((span) => span.spanContext().traceId === call?.spanContext().traceId)
      .map((span) => span.name);
    expect(ofTrace).toEqual(
      expect.arrayContaining(['outbox.insert', 'process booking.booking.v1.confirmed', 'inbox.insert']),
    );
    const publish = ended.find((span) => span.name === 'publish booking.booking.v1.confirmed');
    expect(publish?.links[0]?.context.spanId).toBe(call?.spanContext().spanId);
  });

  it('refuses a port in use and closes what it had opened', async () => {
    const taken = { core: { ...config.core, grpcPort: running.grpcPort } };
    await expect(startService(await createFixtureService(), taken)).rejects.toThrow(
      `port ${running.grpcPort} is in use`,
    );
  });

  it('answers what is in flight when it closes, and says first that it is not ready', async () => {
    const inFlight = createClient(BookingInternalService, transport).getBookingState({ bookingId: id });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const closing = running.close();
    expect((await get('/readyz')).status).toBe(503);
    expect((await inFlight).version).toBe(7n);
    await closing;
    await expect(get('/livez')).rejects.toThrow();
  });
});
