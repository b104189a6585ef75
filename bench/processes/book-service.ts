// The service behind the gateway, served by one of two libraries: it answers with the book it was sent.
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { create } from '@bufbuild/protobuf';
import type { ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { startGrpcServer } from '@mawid/rpc';
import {
  BookSchema,
  type CreateBookRequest,
  LibraryService,
} from '../../gateway/tests/gen/gateway/test/v1/library_service_pb.js';
import { serveParent } from '../src/serve-parent.ts';

function routes(router: ConnectRouter): void {
  router.service(LibraryService, { createBook: ({ book }: CreateBookRequest) => book ?? create(BookSchema) });
}

async function startOurs(): Promise<number> {
  return (await startGrpcServer({ routes }, { host: '127.0.0.1', port: 0 })).port;
}

function startConnect(): Promise<number> {
  const server = createServer(connectNodeAdapter({ routes }));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

serveParent({ port: await (process.argv[2] === 'connect' ? startConnect() : startOurs()) });
