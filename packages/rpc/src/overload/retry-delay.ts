import { Code, type ConnectError } from '@connectrpc/connect';
import { RetryInfoSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';

/** The trailer by which a gRPC server says when to try again, in milliseconds (gRPC proposal A6). */
export const pushbackKey = 'grpc-retry-pushback-ms';

/** What a server has said of trying again: the time to wait at least, in milliseconds, 'never', or nothing. */
export type Pushback = number | 'never' | undefined;

/** Reads what an UNAVAILABLE says: the trailer of the server called, else a RetryInfo, which may be of one behind it. */
export function pushbackOf(error: ConnectError): Pushback {
  if (error.code !== Code.Unavailable) return undefined;
  const text = error.metadata.get(pushbackKey);
  if (text === null) return retryDelayOf(error);
  // Negative or no number: not at all.
  return /^\d{1,9}$/.test(text) ? Number(text) : 'never';
}

/** The delay of an error's RetryInfo in milliseconds. */
export function retryDelayOf(error: ConnectError): number | undefined {
  const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  return delay === undefined ? undefined : Math.max(0, Number(delay.seconds) * 1_000 + Math.ceil(delay.nanos / 1e6));
}
