import { Code } from '@connectrpc/connect';
import { expect } from '@jest/globals';
import { InteropService } from '../gen/interop_pb.js';
import { bytesOf, type Outcome } from './call.ts';
import type { InteropCase } from './case.ts';

const { unaryCall, streamingOutputCall, fullDuplexCall } = InteropService.method;

// The first needs no padding in base64, the others do; 0x2c is a comma, and the last has all that base64 writes as + and /.
const values = [[1, 2, 3], [0x2c], [0, 0x2c, 250, 255], [0xfb, 0xef, 0xff, 0xfe]].map((bytes) => Buffer.from(bytes));

const metadata = [
  ['x-interop-initial', 'plain text, with a comma; and "quotes"'],
  ['x-interop-initial', 'second'],
  ['x-interop-trailing', 'at the end'],
  ['x-interop-trailing', '~!@#$%^&*()_+-= {}[]|\\:<>?'],
  ...values.map((value) => ['x-interop-initial-bin', value] as const),
  ...values.map((value) => ['x-interop-trailing-bin', value] as const),
] as const;

function expectHeader(headers: Headers): void {
  expect(headers.get('x-interop-initial')).toBe('plain text, with a comma; and "quotes", second');
  expect(bytesOf(headers, 'x-interop-initial-bin')).toEqual(values);
}

function expectTrailer(headers: Headers): void {
  expect(headers.get('x-interop-trailing')).toBe('at the end, ~!@#$%^&*()_+-= {}[]|\\:<>?');
  expect(bytesOf(headers, 'x-interop-trailing-bin')).toEqual(values);
}

function expectBoth(outcome: Outcome): void {
  expect(outcome.error).toBeUndefined();
  expectHeader(outcome.header);
  expectTrailer(outcome.trailer);
}

function expectBothWithError(outcome: Outcome): void {
  expect(outcome.error).toMatchObject({ code: Code.Aborted });
  expectHeader(outcome.trailer);
  expectTrailer(outcome.trailer);
}

const status = { code: Code.Aborted, message: 'no' };

export const metadataCases: readonly InteropCase[] = [
  {
    name: 'custom_metadata: unary',
    run: async ({ call }) => expectBoth(await call(unaryCall, [{ answerSize: 1 }], { metadata })),
  },
  {
    name: 'custom_metadata: unary that fails',
    run: async ({ call }) => expectBothWithError(await call(unaryCall, [{ status }], { metadata })),
  },
  {
    name: 'custom_metadata: stream',
    run: async ({ call }) => expectBoth(await call(streamingOutputCall, [{ answerSizes: [1] }], { metadata })),
  },
  {
    name: 'custom_metadata: stream without answers',
    run: async ({ call }) => expectBoth(await call(streamingOutputCall, [{}], { metadata })),
  },
  {
    name: 'custom_metadata: stream that fails after an answer',
    async run({ call }) {
      const outcome = await call(streamingOutputCall, [{ answerSizes: [1], status }], { metadata });
      expect(outcome.error).toMatchObject({ code: Code.Aborted });
      expectHeader(outcome.header);
      expectTrailer(outcome.trailer);
    },
  },
  {
    name: 'custom_metadata: bidirectional',
    needs: 'bidi',
    async run({ call }) {
      async function* requests() {
        yield { answerSizes: [1] };
      }
      expectBoth(await call(fullDuplexCall, requests(), { metadata }));
    },
  },
];
