import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Code, ConnectError, createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Health, HealthCheckResponse_ServingStatus as Status } from '../src/gen/grpc/health/v1/health_pb.js';
import { createConnectHandler, createGrpcTransport, createHealth, startGrpcServer } from '../src/index.ts';
import { echoRoutes, errorOf } from './echo-service.ts';
import { EchoService } from './gen/echo_pb.js';
import { until } from './until.ts';

const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const refuseAll: Interceptor = () => () => Promise.reject(new ConnectError('no', Code.PermissionDenied));

async function serve() {
  const health = createHealth([EchoService]);
  const server = await startGrpcServer(
    { routes: echoRoutes(), health, interceptors: [refuseAll] },
    { host: '127.0.0.1', port: 0 },
  );
  const transport = createGrpcTransport(`127.0.0.1:${server.port}`, { retries: false });
  open.push(
    () => server.close(),
    () => transport.close(),
  );
  return { health, server, client: createClient(Health, transport) };
}

describe('health', () => {
  it('answers Check for the whole and for each service, without interceptors', async () => {
    const { client, health } = await serve();
    expect((await client.check({})).status).toBe(Status.SERVING);
    expect((await client.check({ service: EchoService.typeName })).status).toBe(Status.SERVING);
    health.set(EchoService.typeName, false);
    expect((await client.check({ service: EchoService.typeName })).status).toBe(Status.NOT_SERVING);
    expect((await client.check({})).status).toBe(Status.SERVING);
    expect((await errorOf(client.check({ service: 'who.is.This' }))).code).toBe(Code.NotFound);
  });

  it('tells a watcher each change once, and unknown services as such', async () => {
    const { client, health } = await serve();
    const seen: Status[] = [];
    const controller = new AbortController();
    const watching = errorOf(
      (async () => {
        const options = { signal: controller.signal, timeoutMs: 0 };
        for await (const answer of client.watch({ service: 'new.Service' }, options)) seen.push(answer.status);
      })(),
    );
    await until(() => seen.length === 1);
    health.set('new.Service', true);
    await until(() => seen.length === 2);
    health.set('new.Service', true);
    health.set('', false);
    health.set('new.Service', false);
    await until(() => seen.length === 3);
    controller.abort();
    expect((await watching).code).toBe(Code.Canceled);
    expect(seen).toEqual([Status.SERVICE_UNKNOWN, Status.SERVING, Status.NOT_SERVING]);
  });

  it('says NOT_SERVING to watchers when the server drains, and lets them go', async () => {
    const { client, server } = await serve();
    const seen: Status[] = [];
    const watching = errorOf(
      (async () => {
        for await (const answer of client.watch({}, { timeoutMs: 0 })) seen.push(answer.status);
      })(),
    );
    await until(() => seen.length === 1);
    const start = Date.now();
    await server.drain(5_000);
    expect(Date.now() - start).toBeLessThan(2_000);
    expect((await watching).code).toBe(Code.Unavailable);
    expect(seen).toEqual([Status.SERVING, Status.NOT_SERVING]);
  });

  it('is served by Connect too', async () => {
    const http = createServer(createConnectHandler({ routes: echoRoutes(), interceptors: [refuseAll] }));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    open.push(
      () => http.closeAllConnections(),
      () => void http.close(),
    );
    const baseUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const client = createClient(Health, createConnectTransport({ baseUrl, httpVersion: '1.1' }));
    expect((await client.check({ service: EchoService.typeName })).status).toBe(Status.SERVING);
    const response = await fetch(`${baseUrl}/no.Such/Method`, { method: 'POST' });
    expect(response.status).toBe(404);
  });
});
