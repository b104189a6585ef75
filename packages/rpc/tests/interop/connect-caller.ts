import { ConnectError, createClient, encodeBinaryHeader, type Transport } from '@connectrpc/connect';
import type { Call, CallOptions, Outcome } from './call.ts';

type AnyMethod = (request: unknown, options: object) => Promise<unknown> | AsyncIterable<unknown>;

/** Calls by a client that Connect has made over any transport. */
export function createConnectCaller(transport: Transport): Call {
  const call = async (
    method: Parameters<Call>[0],
    requests: Parameters<Call>[1],
    options: CallOptions = {},
  ): Promise<Outcome> => {
    const client = createClient(method.parent, transport) as unknown as Record<string, AnyMethod>;
    const outcome: Outcome = { answers: [], header: new Headers(), trailer: new Headers(), error: undefined };
    const connectOptions = {
      headers: toHeaders(options),
      signal: options.signal,
      timeoutMs: options.timeoutMs,
      onHeader: (header: Headers) => {
        outcome.header = header;
      },
      onTrailer: (trailer: Headers) => {
        outcome.trailer = trailer;
      },
    };
    function take(answer: unknown): void {
      outcome.answers.push(answer);
      options.onAnswer?.(outcome.answers.length);
    }
    const clientStreams = method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming';
    try {
      const request = clientStreams ? toAsync(requests) : [...(requests as Iterable<unknown>)][0];
      const result = client[method.localName]?.(request, connectOptions);
      if (result !== undefined && Symbol.asyncIterator in result) for await (const answer of result) take(answer);
      else take(await result);
    } catch (thrown) {
      if (!(thrown instanceof ConnectError)) throw thrown;
      outcome.trailer = thrown.metadata;
      const details = thrown.details.flatMap((detail) => ('type' in detail ? [detail] : []));
      outcome.error = { code: thrown.code, message: thrown.rawMessage, details };
    }
    return outcome;
  };
  return call as Call;
}

function toHeaders({ metadata = [] }: CallOptions): Headers {
  const headers = new Headers();
  for (const [name, value] of metadata) {
    headers.append(name, typeof value === 'string' ? value : encodeBinaryHeader(value));
  }
  return headers;
}

async function* toAsync(requests: Parameters<Call>[1]): AsyncGenerator<unknown> {
  yield* requests as AsyncIterable<unknown>;
}
