// An echo server by one of three libraries. The handlers are alike, so only what carries them differs.
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { startGrpcServer } from '@mawid/rpc';
import {
  type EchoRequest,
  EchoRequestSchema,
  type EchoResponse,
  EchoResponseSchema,
  EchoService,
} from '../../packages/rpc/tests/gen/echo_pb.js';
import { toBuffer, withoutChannelz } from '../src/bare-grpc.ts';
import { serveParent } from '../src/serve-parent.ts';

const servers: Record<string, () => Promise<number>> = { grpc: startGrpc, ours: startOurs, connect: startConnect };

function echo({ text, padding }: EchoRequest): { text: string; padding: Uint8Array } {
  return { text, padding };
}

function routes(router: ConnectRouter): void {
  router.service(EchoService, { echo });
}

async function startOurs(): Promise<number> {
  const server = await startGrpcServer({ routes }, { host: '127.0.0.1', port: 0 });
  return server.port;
}

function startGrpc(): Promise<number> {
  const server = new Server(withoutChannelz);
  const definition = {
    path: `/${EchoService.typeName}/Echo`,
    requestStream: false,
    responseStream: false,
    requestSerialize: (message: EchoRequest) => toBuffer(toBinary(EchoRequestSchema, message)),
    requestDeserialize: (bytes: Buffer) => fromBinary(EchoRequestSchema, bytes),
    responseSerialize: (message: EchoResponse) => toBuffer(toBinary(EchoResponseSchema, message)),
    responseDeserialize: (bytes: Buffer) => fromBinary(EchoResponseSchema, bytes),
  };
  server.addService(
    { echo: definition },
    {
      echo: (call: ServerUnaryCall<EchoRequest, EchoResponse>, callback: sendUnaryData<EchoResponse>) =>
        callback(null, create(EchoResponseSchema, echo(call.request))),
    },
  );
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

function startConnect(): Promise<number> {
  const server = createServer(connectNodeAdapter({ routes }));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

const start = servers[process.argv[2] ?? ''];
if (start === undefined) throw new Error(`no such server: ${process.argv[2]}`);
serveParent({ port: await start() });
