import { Code } from '@connectrpc/connect';
import { expect } from '@jest/globals';
import { InteropService } from '../gen/interop_pb.js';
import { answersOf, createDialogue, type InteropCase, sizesOf } from './case.ts';

const { streamingInputCall, streamingOutputCall, fullDuplexCall } = InteropService.method;

const requestSizes = [27_182, 8, 1_828, 45_904];
const answerSizes = [31_415, 9, 2_653, 58_979];

async function* requestsOf(sizes: readonly number[]) {
  for (const size of sizes) yield { payload: new Uint8Array(size) };
}

export const streamCases: readonly InteropCase[] = [
  {
    name: 'client_streaming',
    async run({ call }) {
      const [answer] = answersOf(await call(streamingInputCall, requestsOf(requestSizes)));
      expect(answer).toMatchObject({ totalSize: 74_922 });
    },
  },
  {
    name: 'client_streaming: no request',
    async run({ call }) {
      const [answer] = answersOf(await call(streamingInputCall, requestsOf([])));
      expect(answer).toMatchObject({ totalSize: 0 });
    },
  },
  {
    name: 'client_streaming: a request above 256 KiB is refused',
    async run({ call }) {
      const { error } = await call(streamingInputCall, requestsOf([8, 262_144]));
      expect(error).toMatchObject({ code: Code.ResourceExhausted });
    },
  },
  {
    name: 'server_streaming',
    async run({ call }) {
      const outcome = await call(streamingOutputCall, [{ answerSizes }]);
      expect(sizesOf(answersOf(outcome))).toEqual(answerSizes);
    },
  },
  {
    name: 'server_streaming: more than the windows hold',
    async run({ call }) {
      const sizes = Array.from({ length: 300 }, (_, i) => 10_000 + i);
      const outcome = await call(streamingOutputCall, [{ answerSizes: sizes }]);
      expect(sizesOf(answersOf(outcome))).toEqual(sizes);
    },
  },
  {
    name: 'server_streaming: no answer',
    async run({ call }) {
      expect(answersOf(await call(streamingOutputCall, [{}]))).toEqual([]);
    },
  },
  {
    name: 'ping_pong',
    needs: 'bidi',
    async run({ call }) {
      const dialogue = createDialogue(
        requestSizes.map((size, i) => ({ payload: new Uint8Array(size), answerSizes: [answerSizes[i] ?? 0] })),
      );
      const outcome = await call(fullDuplexCall, dialogue.requests, { onAnswer: dialogue.next });
      expect(sizesOf(answersOf(outcome))).toEqual(answerSizes);
    },
  },
  {
    name: 'empty_stream',
    needs: 'bidi',
    async run({ call }) {
      expect(answersOf(await call(fullDuplexCall, requestsOf([])))).toEqual([]);
    },
  },
  {
    name: 'compressed_client_streaming',
    needs: 'gzip',
    async run({ call, tap }) {
      const sent = tap.sent;
      const [answer] = answersOf(await call(streamingInputCall, requestsOf([100_000, 10, 100_000])));
      expect(answer).toMatchObject({ totalSize: 200_010 });
      expect(tap.sent - sent).toBeLessThan(15_000);
    },
  },
  {
    name: 'compressed_server_streaming',
    needs: 'gzip',
    async run({ call, tap, traits }) {
      const received = tap.received;
      const outcome = await call(streamingOutputCall, [{ answerSizes: [100_000, 10, 100_000] }]);
      expect(sizesOf(answersOf(outcome))).toEqual([100_000, 10, 100_000]);
      if (traits.noGzipAnswers === undefined) expect(tap.received - received).toBeLessThan(15_000);
      else expect(tap.received - received).toBeGreaterThan(200_000);
    },
  },
];
