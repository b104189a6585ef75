import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { RetryInfoSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { pushbackOf } from './retry-delay.ts';

function failure(code: Code, pushback?: string, seconds?: bigint): ConnectError {
  const value = create(RetryInfoSchema, { retryDelay: { seconds: seconds ?? 0n, nanos: 500_000_000 } });
  const details = seconds === undefined ? [] : [{ desc: RetryInfoSchema, value }];
  return new ConnectError('no', code, pushback === undefined ? {} : { 'grpc-retry-pushback-ms': pushback }, details);
}

describe('pushbackOf', () => {
  it.each([
    ['nothing said', failure(Code.Unavailable), undefined],
    ['a pushback', failure(Code.Unavailable, '250'), 250],
    ['a pushback before a RetryInfo', failure(Code.Unavailable, '250', 7n), 250],
    ['a RetryInfo', failure(Code.Unavailable, undefined, 2n), 2_500],
    ['a negative pushback', failure(Code.Unavailable, '-1'), 'never'],
    ['no number', failure(Code.Unavailable, 'soon'), 'never'],
    ['a RetryInfo of another code', failure(Code.ResourceExhausted, undefined, 2n), undefined],
  ] as const)('reads %s', (_, error, expected) => {
    expect(pushbackOf(error)).toBe(expected);
  });
});
