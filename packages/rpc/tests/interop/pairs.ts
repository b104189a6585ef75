import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Code } from '@connectrpc/connect';
import {
  compressionGzip,
  createConnectTransport,
  createGrpcWebTransport,
  createGrpcTransport as createNodeGrpcTransport,
} from '@connectrpc/connect-node';
import { Client, compressionAlgorithms, credentials } from '@grpc/grpc-js';
import { createConnectHandler, createGrpcTransport, startGrpcServer } from '../../src/index.ts';
import { tapWire, type WireTap } from '../wire-tap.ts';
import type { Call } from './call.ts';
import { createConnectCaller } from './connect-caller.ts';
import { interopRoutes } from './our-routes.ts';
import { createPlainCaller } from './plain-caller.ts';
import { startPlainServer } from './plain-server.ts';

/** A client and a server that talk through a proxy. */
export interface Link {
  call: Call;
  tap: WireTap;
  traits: Traits;
  close(): Promise<void>;
}

/** What a pair cannot do, or does in its own way. */
export interface Traits {
  /** Bytes of a message for each byte of a payload: JSON carries base64. */
  bytesPerByte: number;
  /** Why bidirectional calls are refused; undefined where they work. */
  noBidi?: string;
  /** Why a server's answers are never compressed; undefined where they are. */
  noGzipAnswers?: string;
  /** Why answers may be lost when the call fails right behind them; undefined where none is. */
  mayDropAnswers?: string;
  /** The HTTP method of calls without side effects. */
  cacheableMethod: 'GET' | 'POST';
  /** What a caller is told when the connection breaks. */
  whenCut: Code;
}

interface Opened {
  port: number;
  close(): Promise<void> | void;
}

interface ClientKind {
  open(port: number, gzip: boolean): { call: Call; close(): void };
}

export interface Pair {
  name: string;
  client: ClientKind;
  server: (gzip: boolean) => Promise<Opened>;
  traits: Traits;
}

// Beyond what servers take, so that it is the server who refuses.
const generous = 16_777_216;

const ourClient: ClientKind = {
  open(port, gzip) {
    const transport = createGrpcTransport(`127.0.0.1:${port}`, {
      maxRequestBytes: generous,
      ...(gzip ? { gzipRequestsFrom: 1024 } : {}),
    });
    return { call: createConnectCaller(transport), close: () => transport.close() };
  },
};

const plainClient: ClientKind = {
  open(port, gzip) {
    const algorithm = gzip ? compressionAlgorithms.gzip : compressionAlgorithms.identity;
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.default_compression_algorithm': algorithm,
    });
    return { call: createPlainCaller(client), close: () => client.close() };
  },
};

function compressionOf(gzip: boolean) {
  return gzip ? { sendCompression: compressionGzip, acceptCompression: [compressionGzip] } : { acceptCompression: [] };
}

const nodeGrpcClient: ClientKind = {
  open(port, gzip) {
    const options = { baseUrl: `http://127.0.0.1:${port}`, idleConnectionTimeoutMs: 50, ...compressionOf(gzip) };
    return { call: createConnectCaller(createNodeGrpcTransport(options)), close: () => undefined };
  },
};

const webClient: ClientKind = {
  open(port, gzip) {
    const options = { baseUrl: `http://127.0.0.1:${port}`, httpVersion: '1.1' as const, ...compressionOf(gzip) };
    return { call: createConnectCaller(createGrpcWebTransport(options)), close: () => undefined };
  },
};

function connectClient(useBinaryFormat: boolean): ClientKind {
  return {
    open(port, gzip) {
      const common = { baseUrl: `http://127.0.0.1:${port}`, httpVersion: '1.1' as const, useHttpGet: true };
      const transport = createConnectTransport({ ...common, useBinaryFormat, ...compressionOf(gzip) });
      return { call: createConnectCaller(transport), close: () => undefined };
    },
  };
}

function ourServer(gzip: boolean): Promise<Opened> {
  const options = { routes: interopRoutes(), ...(gzip ? { gzipAnswersFrom: 1024 } : {}) };
  return startGrpcServer(options, { host: '127.0.0.1', port: 0 });
}

async function ourHttpServer(): Promise<Opened> {
  const server = createServer(createConnectHandler({ routes: interopRoutes() }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const grpc: Traits = { bytesPerByte: 1, cacheableMethod: 'POST', whenCut: Code.Unavailable };
const plain: Traits = { ...grpc, mayDropAnswers: 'grpc-js clients report a failure before the answers they have' };
const toPlainServer: Traits = { ...grpc, noGzipAnswers: 'grpc-js servers compress nothing' };
// connect-node takes ECONNRESET for an error of its own.
const nodeGrpc: Traits = { ...grpc, whenCut: Code.Internal };
const http1: Traits = { ...nodeGrpc, noBidi: 'HTTP/1.1 answers after the request has ended' };

/** Who talks to whom. */
export const pairs: readonly Pair[] = [
  { name: 'our client → our server', client: ourClient, server: ourServer, traits: grpc },
  { name: 'our client → grpc-js server', client: ourClient, server: startPlainServer, traits: toPlainServer },
  { name: 'grpc-js client → our server', client: plainClient, server: ourServer, traits: plain },
  {
    name: 'grpc-js client → grpc-js server',
    client: plainClient,
    server: startPlainServer,
    traits: { ...plain, ...toPlainServer },
  },
  { name: 'connect-node gRPC → our server', client: nodeGrpcClient, server: ourServer, traits: nodeGrpc },
  { name: 'connect-node gRPC-Web → our server', client: webClient, server: ourHttpServer, traits: http1 },
  {
    name: 'connect-node Connect JSON → our server',
    client: connectClient(false),
    server: ourHttpServer,
    traits: { ...http1, bytesPerByte: 4 / 3, cacheableMethod: 'GET' },
  },
  {
    name: 'connect-node Connect binary → our server',
    client: connectClient(true),
    server: ourHttpServer,
    traits: { ...http1, cacheableMethod: 'GET' },
  },
];

/** Starts a pair. */
export async function openLink(pair: Pair, gzip = false): Promise<Link> {
  const server = await pair.server(gzip);
  const tap = await tapWire(server.port);
  const client = pair.client.open(tap.port, gzip);
  return {
    call: client.call,
    tap,
    traits: pair.traits,
    async close() {
      client.close();
      await tap.close();
      await server.close();
    },
  };
}
