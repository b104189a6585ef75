import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { RetryInfoSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';

/** What a caller is told who is turned away because others are served. */
export function overloadError(): ConnectError {
  const value = create(RetryInfoSchema, { retryDelay: { seconds: 1n } });
  return new ConnectError('the server is overloaded', Code.Unavailable, undefined, [{ desc: RetryInfoSchema, value }]);
}

/** What a caller is told whose deadline had passed before its call was looked at. */
export function lateError(): ConnectError {
  return new ConnectError('the operation timed out', Code.DeadlineExceeded);
}
