import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Client, createClient, type Interceptor } from '@connectrpc/connect';
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-node';
import {
  type Certificates,
  createConnectHandler,
  createGrpcTransport,
  type GrpcServerOptions,
  type GrpcTransportOptions,
  startGrpcServer,
} from '../src/index.ts';
import { EchoService } from './gen/echo_pb.js';

type EchoClient = Client<typeof EchoService>;

const open: (() => Promise<void> | void)[] = [];

let certificates: Certificates | undefined;

/** Lets `serveGrpc` and `dial` speak mutual TLS from now on; undefined: plain text. */
export function useCertificates(chosen: Certificates | undefined): void {
  certificates = chosen;
}

/** Closes all that a test has opened, the newest first. For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close();
}

/** Closes something at the end of the test. */
export function closeLater(close: () => Promise<void> | void): void {
  open.push(close);
}

/** A gRPC server on a free port. */
export async function serveGrpc(options: GrpcServerOptions, port = 0) {
  const server = await startGrpcServer({ certificates, ...options }, { host: '127.0.0.1', port });
  open.push(() => server.close());
  return server;
}

/** A client of the echo service over our transport. */
export function dial(address: number | string, options: GrpcTransportOptions = {}): EchoClient {
  const transport = createGrpcTransport(typeof address === 'string' ? address : `127.0.0.1:${address}`, {
    certificates,
    ...options,
  });
  open.push(() => transport.close());
  return createClient(EchoService, transport);
}

/** The echo service over HTTP/1.1, with its base URL. */
export async function serveHttp(options: GrpcServerOptions): Promise<string> {
  const server: Server = createServer(createConnectHandler(options));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export type Wire = 'gRPC' | 'Connect binary' | 'Connect JSON' | 'gRPC-Web';

export const wires: readonly Wire[] = ['gRPC', 'Connect binary', 'Connect JSON', 'gRPC-Web'];

/** A client of the given routes over any wire. */
export async function connect(
  wire: Wire,
  options: GrpcServerOptions,
  interceptors: Interceptor[] = [],
): Promise<EchoClient> {
  if (wire === 'gRPC') return dial((await serveGrpc(options)).port, { interceptors });
  const baseUrl = await serveHttp(options);
  const common = { baseUrl, httpVersion: '1.1' as const, interceptors };
  if (wire === 'gRPC-Web') return createClient(EchoService, createGrpcWebTransport(common));
  return createClient(EchoService, createConnectTransport({ ...common, useBinaryFormat: wire === 'Connect binary' }));
}
