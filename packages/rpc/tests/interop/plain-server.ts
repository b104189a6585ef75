import { type EventEmitter, once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import {
  create,
  type DescMessage,
  type DescMethod,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from '@bufbuild/protobuf';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  type UntypedHandleCall,
} from '@grpc/grpc-js';
import { StatusSchema } from '../../src/gen/google/rpc/status_pb.js';
import {
  type EndStatus,
  InteropService,
  type StreamingRequest,
  type StreamingResponse,
  StreamingResponseSchema,
  type SumResponse,
  SumResponseSchema,
  type UnaryRequest,
  type UnaryResponse,
  UnaryResponseSchema,
} from '../gen/interop_pb.js';
import { echoedInHeader, echoedInTrailer, payloadsOf } from './behaviour.ts';

type AnyCall = { metadata: Metadata; sendMetadata(metadata: Metadata): void };

/** The interop service on grpc-js as its own manual shows, without anything of ours. */
export async function startPlainServer(): Promise<{ port: number; close(): void }> {
  const server = new Server({
    'grpc.max_receive_message_length': 262_144,
    'grpc.max_send_message_length': 4_194_304,
  });
  const handlers: Record<string, UntypedHandleCall> = {
    emptyCall: (call: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) => {
      const trailer = open(call);
      callback(null, create(InteropService.method.emptyCall.output), trailer);
    },
    unaryCall,
    cacheableUnaryCall: unaryCall,
    streamingOutputCall: async (call: ServerWritableStream<StreamingRequest, StreamingResponse>) => {
      const trailer = open(call);
      await answerAll(call, call.request);
      if (!fail(call, call.request.status, trailer)) call.end(trailer);
    },
    streamingInputCall: (
      call: ServerReadableStream<StreamingRequest, SumResponse>,
      callback: sendUnaryData<SumResponse>,
    ) => {
      const trailer = open(call);
      let totalSize = 0;
      call.on('data', ({ payload }: StreamingRequest) => {
        totalSize += payload.length;
      });
      call.on('end', () => callback(null, create(SumResponseSchema, { totalSize }), trailer));
    },
    fullDuplexCall: (call: ServerDuplexStream<StreamingRequest, StreamingResponse>) => {
      // The iterator of a cancelled call rejects; nobody is there to be told.
      converse(call, open(call)).catch(() => undefined);
    },
  };
  for (const method of InteropService.methods) {
    const handler = handlers[method.localName];
    if (handler !== undefined) server.addService({ [method.name]: toDefinition(method) }, { [method.name]: handler });
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { port, close: () => server.forceShutdown() };
}

async function converse(call: ServerDuplexStream<StreamingRequest, StreamingResponse>, trailer: Metadata) {
  for await (const request of call.iterator({ destroyOnReturn: false })) {
    await answerAll(call, request);
    if (fail(call, request.status, trailer)) return;
  }
  call.end(trailer);
}

async function unaryCall(call: ServerUnaryCall<UnaryRequest, UnaryResponse>, callback: sendUnaryData<UnaryResponse>) {
  const trailer = open(call);
  const { answerSize, status, waitMs } = call.request;
  if (waitMs > 0) await wait(waitMs, undefined, { ref: false });
  if (status === undefined) {
    const answer = { payload: new Uint8Array(answerSize), requestMethod: 'POST' };
    callback(null, create(UnaryResponseSchema, answer), trailer);
  } else callback({ code: status.code, details: status.message, metadata: withDetails(status, trailer) });
}

async function answerAll(
  call: EventEmitter & { write(answer: StreamingResponse): boolean; cancelled: boolean },
  request: StreamingRequest,
): Promise<void> {
  for await (const payload of payloadsOf(request)) {
    if (call.cancelled) return;
    if (call.write(create(StreamingResponseSchema, { payload }))) continue;
    const settled = new AbortController();
    await Promise.race(['drain', 'cancelled'].map((event) => once(call, event, settled).catch(() => undefined)));
    settled.abort();
  }
}

function fail(
  call: { emit(event: 'error', error: object): unknown },
  status: EndStatus | undefined,
  trailer: Metadata,
) {
  if (status === undefined) return false;
  call.emit('error', { code: status.code, details: status.message, metadata: withDetails(status, trailer) });
  return true;
}

function withDetails(status: EndStatus, trailer: Metadata): Metadata {
  if (status.details.length === 0) return trailer;
  const { code, message } = status;
  const details = status.details.map(({ type, value }) => ({ typeUrl: `type.googleapis.com/${type}`, value }));
  const bytes = toBinary(StatusSchema, create(StatusSchema, { code, message, details }));
  trailer.set('grpc-status-details-bin', Buffer.from(bytes));
  return trailer;
}

/** Sends the headers a call asks for; gives its trailers. */
function open(call: AnyCall): Metadata {
  call.sendMetadata(pick(call.metadata, echoedInHeader));
  return pick(call.metadata, echoedInTrailer);
}

function pick(metadata: Metadata, names: readonly string[]): Metadata {
  const picked = new Metadata();
  for (const name of names) for (const value of metadata.get(name)) picked.add(name, value);
  return picked;
}

function toDefinition(method: DescMethod) {
  function encode<D extends DescMessage>(schema: D) {
    return (message: MessageShape<D>) => Buffer.from(toBinary(schema, message));
  }
  function decode<D extends DescMessage>(schema: D) {
    return (bytes: Buffer): MessageInitShape<D> => fromBinary(schema, new Uint8Array(bytes)) as MessageInitShape<D>;
  }
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
    responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
    requestSerialize: encode(method.input),
    requestDeserialize: decode(method.input),
    responseSerialize: encode(method.output),
    responseDeserialize: decode(method.output),
  };
}
