import { create, type DescMessage, type DescMethod, fromBinary, type MessageShape, toBinary } from '@bufbuild/protobuf';
import {
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientUnaryCall,
  type ClientWritableStream,
  type CallOptions as GrpcOptions,
  Metadata,
  type requestCallback,
  type StatusObject,
} from '@grpc/grpc-js';
import { StatusSchema } from '../../src/gen/google/rpc/status_pb.js';
import type { Call, CallOptions, Outcome } from './call.ts';

type Message = MessageShape<DescMessage>;
type Writable = ClientWritableStream<Message> | ClientDuplexStream<Message, Message>;
type AnyCall = ClientUnaryCall | ClientReadableStream<Message> | Writable;

/** Calls by grpc-js as its own manual shows, without anything of ours. */
export function createPlainCaller(client: Client): Call {
  const call = async (
    method: DescMethod,
    requests: Parameters<Call>[1],
    options: CallOptions = {},
  ): Promise<Outcome> => {
    const outcome: Outcome = { answers: [], header: new Headers(), trailer: new Headers(), error: undefined };
    const { started, status } = start(client, method, { requests, options, outcome });
    function cancel(): void {
      started.cancel();
    }
    options.signal?.addEventListener('abort', cancel);
    started.on('metadata', (metadata: Metadata) => copy(metadata, outcome.header));
    const ended = await status;
    options.signal?.removeEventListener('abort', cancel);
    copy(ended.metadata, outcome.trailer);
    if (ended.code === 0) return outcome;
    for (const [name, value] of outcome.header) outcome.trailer.append(name, value);
    outcome.error = { code: ended.code, message: ended.details, details: detailsOf(ended.metadata) };
    return outcome;
  };
  return call as Call;
}

interface Started {
  started: AnyCall;
  status: Promise<StatusObject>;
}

function start(
  client: Client,
  method: DescMethod,
  { requests, options, outcome }: { requests: Parameters<Call>[1]; options: CallOptions; outcome: Outcome },
): Started {
  const path = `/${method.parent.typeName}/${method.name}`;
  const encode = (message: Message) => Buffer.from(toBinary(method.input, message));
  const decode = (bytes: Buffer) => fromBinary(method.output, new Uint8Array(bytes));
  const metadata = toMetadata(options);
  const grpcOptions: GrpcOptions = options.timeoutMs === undefined ? {} : { deadline: Date.now() + options.timeoutMs };
  const { promise: status, resolve } = Promise.withResolvers<StatusObject>();
  function take(answer: Message | undefined): void {
    if (answer === undefined) return;
    outcome.answers.push(answer);
    options.onAnswer?.(outcome.answers.length);
  }
  const callback: requestCallback<Message> = (_, answer) => take(answer);
  const request = () => create(method.input, [...(requests as Iterable<Message>)][0]);
  function read(call: ClientReadableStream<Message> | ClientDuplexStream<Message, Message>): typeof call {
    return call.on('data', take).on('error', () => undefined);
  }
  function write<W extends Writable>(call: W): W {
    send(call, method, requests);
    return call;
  }
  function open(): AnyCall {
    switch (method.methodKind) {
      case 'unary':
        return client.makeUnaryRequest(path, encode, decode, request(), metadata, grpcOptions, callback);
      case 'server_streaming':
        return read(client.makeServerStreamRequest(path, encode, decode, request(), metadata, grpcOptions));
      case 'client_streaming':
        return write(client.makeClientStreamRequest(path, encode, decode, metadata, grpcOptions, callback));
      case 'bidi_streaming':
        return read(write(client.makeBidiStreamRequest(path, encode, decode, metadata, grpcOptions)));
    }
  }
  const started = open();
  started.on('status', resolve);
  return { started, status };
}

async function send(call: Writable, method: DescMethod, requests: Parameters<Call>[1]): Promise<void> {
  for await (const request of requests as AsyncIterable<Message>) {
    if (!call.write(create(method.input, request))) await new Promise((resolve) => call.once('drain', resolve));
  }
  call.end();
}

function toMetadata({ metadata = [] }: CallOptions): Metadata {
  const result = new Metadata();
  for (const [name, value] of metadata) result.add(name, typeof value === 'string' ? value : Buffer.from(value));
  return result;
}

function copy(metadata: Metadata, into: Headers): void {
  for (const [name, values] of Object.entries(metadata.toJSON())) {
    for (const value of values) into.append(name, typeof value === 'string' ? value : value.toString('base64'));
  }
}

function detailsOf(metadata: Metadata): { type: string; value: Uint8Array }[] {
  const [value] = metadata.get('grpc-status-details-bin');
  if (value === undefined) return [];
  const { details } = fromBinary(StatusSchema, new Uint8Array(value as Buffer));
  return details.map((detail) => ({ type: detail.typeUrl.replace(/^.*\//, ''), value: detail.value }));
}
