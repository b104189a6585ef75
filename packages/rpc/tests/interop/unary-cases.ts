import { Code } from '@connectrpc/connect';
import { expect } from '@jest/globals';
import { InteropService } from '../gen/interop_pb.js';
import { answersOf, type InteropCase, sizesOf } from './case.ts';

const { emptyCall, unaryCall, cacheableUnaryCall } = InteropService.method;

const requestLimit = 262_144;
const answerLimit = 4_194_304;

/** Room for a message's own bytes. */
const frame = 64;

export const unaryCases: readonly InteropCase[] = [
  {
    name: 'empty_unary',
    async run({ call }) {
      expect(answersOf(await call(emptyCall, [{}]))).toHaveLength(1);
    },
  },
  {
    name: 'large_unary: a request just below 256 KiB',
    async run({ call, traits }) {
      const payload = new Uint8Array(Math.floor((requestLimit - frame) / traits.bytesPerByte));
      expect(sizesOf(answersOf(await call(unaryCall, [{ payload, answerSize: 314_159 }])))).toEqual([314_159]);
    },
  },
  {
    name: 'large_unary: an answer just below 4 MiB',
    async run({ call, traits }) {
      const answerSize = Math.floor((answerLimit - frame) / traits.bytesPerByte);
      expect(sizesOf(answersOf(await call(unaryCall, [{ answerSize }])))).toEqual([answerSize]);
    },
  },
  {
    name: 'large_unary: a request above 256 KiB is refused',
    async run({ call }) {
      const { error } = await call(unaryCall, [{ payload: new Uint8Array(requestLimit) }]);
      expect(error).toMatchObject({ code: Code.ResourceExhausted });
    },
  },
  {
    name: 'large_unary: an answer above 4 MiB is refused',
    async run({ call }) {
      const { error } = await call(unaryCall, [{ answerSize: answerLimit }]);
      expect(error).toMatchObject({ code: Code.ResourceExhausted });
    },
  },
  {
    name: 'cacheable_unary',
    async run({ call, traits }) {
      const [answer] = answersOf(await call(cacheableUnaryCall, [{ answerSize: 10 }]));
      expect(answer).toMatchObject({ requestMethod: traits.cacheableMethod });
    },
  },
  {
    name: 'concurrent_large_unary',
    async run({ call }) {
      const payload = new Uint8Array(100_000);
      const calls = Array.from({ length: 20 }, (_, i) => call(unaryCall, [{ payload, answerSize: 300_000 + i }]));
      const answers = (await Promise.all(calls)).flatMap((outcome) => answersOf(outcome));
      expect(sizesOf(answers)).toEqual(Array.from({ length: 20 }, (_, i) => 300_000 + i));
    },
  },
  {
    name: 'compressed_unary',
    needs: 'gzip',
    async run({ call, tap, traits }) {
      const [sent, received] = [tap.sent, tap.received];
      const outcome = await call(unaryCall, [{ payload: new Uint8Array(150_000), answerSize: 300_000 }]);
      expect(sizesOf(answersOf(outcome))).toEqual([300_000]);
      expect(tap.sent - sent).toBeLessThan(15_000);
      if (traits.noGzipAnswers === undefined) expect(tap.received - received).toBeLessThan(15_000);
      else expect(tap.received - received).toBeGreaterThan(300_000);
    },
  },
];
