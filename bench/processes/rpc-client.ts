// Calls an echo server by one of three libraries: `rpc-client.ts <library> <port>`.
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { createClient, type Transport } from '@connectrpc/connect';
import { createGrpcTransport as createConnectTransport } from '@connectrpc/connect-node';
import { Client, credentials } from '@grpc/grpc-js';
import { createGrpcTransport } from '@mawid/rpc';
import {
  type EchoRequest,
  EchoRequestSchema,
  type EchoResponse,
  EchoResponseSchema,
  EchoService,
} from '../../packages/rpc/tests/gen/echo_pb.js';
import { toBuffer, withoutChannelz } from '../src/bare-grpc.ts';
import { repeat } from '../src/repeat.ts';
import { serveParent } from '../src/serve-parent.ts';

type Call = (text: string, padding: Uint8Array) => Promise<EchoResponse>;

const [, , library = '', port = ''] = process.argv;
const clients: Record<string, () => Call> = {
  grpc: callByGrpc,
  ours: () => callBy(createGrpcTransport(`127.0.0.1:${port}`)),
  connect: () => callBy(createConnectTransport({ baseUrl: `http://127.0.0.1:${port}` })),
};

function callBy(transport: Transport): Call {
  const client = createClient(EchoService, transport);
  return (text, padding) => client.echo({ text, padding });
}

function callByGrpc(): Call {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), withoutChannelz);
  const path = `/${EchoService.typeName}/Echo`;
  const serialize = (message: EchoRequest): Buffer => toBuffer(toBinary(EchoRequestSchema, message));
  const deserialize = (bytes: Buffer): EchoResponse => fromBinary(EchoResponseSchema, bytes);
  return (text, padding) =>
    new Promise((resolve, reject) => {
      const request = create(EchoRequestSchema, { text, padding });
      client.makeUnaryRequest(path, serialize, deserialize, request, (error, answer) =>
        answer === undefined ? reject(error) : resolve(answer),
      );
    });
}

const call = clients[library]?.();
if (call === undefined) throw new Error(`no such client: ${library}`);
// 300 bytes.
const text = 'What does a call cost?';
const padding = new Uint8Array(274).fill(7);

serveParent({}, (batch: Parameters<typeof repeat>[0]) =>
  repeat(batch, async () => {
    const answer = await call(text, padding);
    if (answer.text !== text || answer.padding.length !== padding.length) throw new Error('not the echo');
  }),
);
