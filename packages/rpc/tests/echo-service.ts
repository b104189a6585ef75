import { Code, ConnectError, type ServiceImpl } from '@connectrpc/connect';
import type { Routes } from '../src/index.ts';
import { EchoService } from './gen/echo_pb.js';

/** A service that answers what it was asked; a test overrides the methods it is about. */
export function echoRoutes(overrides: Partial<ServiceImpl<typeof EchoService>> = {}): Routes {
  return (router) => {
    router.service(EchoService, {
      echo: (request) => ({ text: request.text, padding: request.padding }),
      write: (request) => ({ text: request.text }),
      async *repeat(request) {
        for (let i = 1; i <= request.times; i++) yield { text: `${request.text} ${i}` };
      },
      async join(requests) {
        const texts: string[] = [];
        for await (const request of requests) texts.push(request.text);
        return { text: texts.join(' ') };
      },
      async *chat(requests) {
        for await (const request of requests) yield { text: `you said ${request.text}` };
      },
      ...overrides,
    });
  };
}

/** The ConnectError a promise rejects with; fails when it does not. */
export async function errorOf(promise: Promise<unknown>): Promise<ConnectError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ConnectError) return error;
    throw error;
  }
  throw new ConnectError('the call was expected to fail', Code.Unknown);
}

/** All of an async iterable. */
export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Items with a pause that the consumer decides. */
export async function* itemsOf<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}
