import { expect } from '@jest/globals';
import type { CallOptions, Outcome } from './call.ts';
import type { Link } from './pairs.ts';

/** One thing that must hold between any client and any server. */
export interface InteropCase {
  name: string;
  /** bidi: is refused in the documented way where HTTP/1.1 cannot carry it; gzip: runs over a link that compresses. */
  needs?: 'bidi' | 'gzip';
  run(link: Link): Promise<void>;
}

/** The answers of a call that has gone well. */
export function answersOf<A>(outcome: Outcome<A>): A[] {
  expect(outcome.error).toBeUndefined();
  return outcome.answers;
}

/** The sizes of the answers' payloads. */
export function sizesOf(answers: readonly { payload: Uint8Array }[]): number[] {
  return answers.map((answer) => answer.payload.length);
}

/** Options that cancel the call when `count` answers have come. */
export function cancelAfter(count: number): CallOptions {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    onAnswer: (arrived) => {
      if (arrived === count) controller.abort();
    },
  };
}

/** Requests, each sent when `next` says so; the first at once. */
export function createDialogue<T>(requests: readonly T[]): { requests: AsyncIterable<T>; next(): void } {
  const gates = requests.map(() => Promise.withResolvers<void>());
  let opened = 0;
  function next(): void {
    gates[opened++]?.resolve();
  }
  async function* spoken(): AsyncGenerator<T> {
    for (const [index, request] of requests.entries()) {
      await gates[index]?.promise;
      yield request;
    }
  }
  next();
  return { requests: spoken(), next };
}
