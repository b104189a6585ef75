import { Code } from '@connectrpc/connect';
import { expect } from '@jest/globals';
import { InteropService } from '../gen/interop_pb.js';
import { until } from '../until.ts';
import { cancelAfter, createDialogue, type InteropCase } from './case.ts';

const { unaryCall, streamingInputCall, streamingOutputCall, fullDuplexCall } = InteropService.method;

const forever = { answerSizes: [9, 9, 9], waitMs: 10_000 };

export const endingCases: readonly InteropCase[] = [
  {
    name: 'cancel_after_begin',
    async run({ call }) {
      const controller = new AbortController();
      async function* silence() {
        await new Promise((resolve) => controller.signal.addEventListener('abort', resolve));
        yield* [];
      }
      setTimeout(() => controller.abort(), 30);
      const { error } = await call(streamingInputCall, silence(), { signal: controller.signal });
      expect(error).toMatchObject({ code: Code.Canceled });
    },
  },
  {
    name: 'cancel_after_first_response: server-streaming',
    async run({ call }) {
      const request = { answerSizes: Array(200).fill(9), waitMs: 5 };
      const { answers, error } = await call(streamingOutputCall, [request], cancelAfter(1));
      expect(error).toMatchObject({ code: Code.Canceled });
      expect(answers).toHaveLength(1);
    },
  },
  {
    name: 'cancel_after_first_response: bidirectional',
    needs: 'bidi',
    async run({ call }) {
      const dialogue = createDialogue([{ answerSizes: [31_415] }, { answerSizes: [1] }]);
      const { answers, error } = await call(fullDuplexCall, dialogue.requests, cancelAfter(1));
      expect(error).toMatchObject({ code: Code.Canceled });
      expect(answers).toHaveLength(1);
    },
  },
  {
    name: 'timeout_on_sleeping_server: unary',
    async run({ call }) {
      const { error } = await call(unaryCall, [{ waitMs: 10_000 }], { timeoutMs: 80 });
      expect(error).toMatchObject({ code: Code.DeadlineExceeded });
    },
  },
  {
    name: 'timeout_on_sleeping_server: server-streaming',
    async run({ call }) {
      const { error } = await call(streamingOutputCall, [forever], { timeoutMs: 80 });
      expect(error).toMatchObject({ code: Code.DeadlineExceeded });
    },
  },
  {
    name: 'timeout_on_sleeping_server: bidirectional',
    needs: 'bidi',
    async run({ call }) {
      const { requests } = createDialogue([forever, forever]);
      const { error } = await call(fullDuplexCall, requests, { timeoutMs: 80 });
      expect(error).toMatchObject({ code: Code.DeadlineExceeded });
    },
  },
  {
    name: 'server_dies: unary',
    async run({ call, tap, traits }) {
      const sent = tap.sent;
      const outcome = call(unaryCall, [{ waitMs: 10_000, payload: new Uint8Array(500) }]);
      await until(() => tap.sent > sent + 500);
      tap.cut();
      expect((await outcome).error).toMatchObject({ code: traits.whenCut });
    },
  },
  {
    name: 'server_dies: in the midst of a stream',
    async run({ call, tap, traits }) {
      const outcome = call(streamingOutputCall, [{ answerSizes: Array(200).fill(9), waitMs: 20 }], {
        onAnswer: (count) => {
          if (count === 2) tap.cut();
        },
      });
      expect((await outcome).error).toMatchObject({ code: traits.whenCut });
    },
  },
  {
    name: 'server_dies: the next call goes well',
    async run({ call, tap }) {
      tap.cut();
      // The first may find that the connection is gone; it is then for its caller to try again.
      await call(unaryCall, [{ answerSize: 1 }]);
      await until(() => tap.connections > 0);
      const { error } = await call(unaryCall, [{ answerSize: 1 }]);
      expect(error).toBeUndefined();
    },
  },
];
