import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { expect } from '@jest/globals';
import { InteropService, ReasonSchema, UnimplementedService } from '../gen/interop_pb.js';
import { type InteropCase, sizesOf } from './case.ts';

const { unaryCall, streamingOutputCall, fullDuplexCall, unimplementedCall } = InteropService.method;

const specialMessage = '\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈, 100% of 5%25, محجوز\t\n';

const codes = Object.values(Code).filter((code): code is Code => typeof code === 'number');

const details = [
  { type: ReasonSchema.typeName, value: toBinary(ReasonSchema, create(ReasonSchema, { about: 'الموعد' })) },
  { type: 'not.known.Here', value: Uint8Array.of(8, 1) },
];

export const statusCases: readonly InteropCase[] = [
  {
    name: 'status_code_and_message: every code',
    async run({ call }) {
      for (const code of codes) {
        const { error } = await call(unaryCall, [{ status: { code, message: `code ${code}` } }]);
        expect(error).toEqual({ code, message: `code ${code}`, details: [] });
      }
    },
  },
  {
    name: 'status_code_and_message: after answers of a stream',
    async run({ call }) {
      const status = { code: Code.OutOfRange, message: 'enough' };
      const { answers, error } = await call(streamingOutputCall, [{ answerSizes: [5, 6], waitMs: 20, status }]);
      expect(sizesOf(answers)).toEqual([5, 6]);
      expect(error).toMatchObject(status);
    },
  },
  {
    name: 'status_code_and_message: in the same packet as the answers',
    async run({ call, traits }) {
      const status = { code: Code.OutOfRange, message: 'enough' };
      const answerSizes = Array.from({ length: 40 }, (_, i) => i);
      const { answers, error } = await call(streamingOutputCall, [{ answerSizes, status }]);
      expect(error).toMatchObject(status);
      const mayLack = traits.mayDropAnswers !== undefined;
      expect(sizesOf(answers)).toEqual(mayLack ? answerSizes.slice(0, answers.length) : answerSizes);
    },
  },
  {
    name: 'status_code_and_message: bidirectional',
    needs: 'bidi',
    async run({ call }) {
      const status = { code: Code.Unknown, message: 'test status message' };
      async function* requests() {
        yield { status };
      }
      expect((await call(fullDuplexCall, requests())).error).toMatchObject(status);
    },
  },
  {
    name: 'special_status_message',
    async run({ call }) {
      const status = { code: Code.Aborted, message: specialMessage };
      expect((await call(unaryCall, [{ status }])).error).toMatchObject(status);
      expect((await call(streamingOutputCall, [{ status }])).error).toMatchObject(status);
    },
  },
  {
    name: 'rich_error_details',
    async run({ call }) {
      const status = { code: Code.FailedPrecondition, message: 'taken', details };
      for (const outcome of [
        await call(unaryCall, [{ status }]),
        await call(streamingOutputCall, [{ answerSizes: [1], status }]),
      ]) {
        expect(outcome.error?.details.map((detail) => detail.type)).toEqual([ReasonSchema.typeName, 'not.known.Here']);
        const [reason, unknown] = outcome.error?.details ?? [];
        expect(fromBinary(ReasonSchema, reason?.value ?? new Uint8Array()).about).toBe('الموعد');
        expect(Buffer.from(unknown?.value ?? [])).toEqual(Buffer.from([8, 1]));
      }
    },
  },
  {
    name: 'unimplemented_method',
    async run({ call }) {
      expect((await call(unimplementedCall, [{}])).error).toMatchObject({ code: Code.Unimplemented });
    },
  },
  {
    name: 'unimplemented_service',
    async run({ call }) {
      const { error } = await call(UnimplementedService.method.unimplementedCall, [{}]);
      expect(error).toMatchObject({ code: Code.Unimplemented });
    },
  },
];
