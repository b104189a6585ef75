import { Code, ConnectError } from '@connectrpc/connect';
import { RetryInfoSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import type { Refusal } from '../rest/problem/refusal.ts';
import { OverloadRefusal } from './gate-exchange.ts';

/**
 * True for refusals that belong in the log. One made on purpose in an overload, here or by a service, is counted where it
 * is made: a line for each would be load in the worst moment.
 */
export function isFault(refusal: Refusal, error: unknown): boolean {
  if (refusal.details.status < 500 || refusal instanceof OverloadRefusal) return false;
  if (!(error instanceof ConnectError) || error.code !== Code.Unavailable) return true;
  return error.findDetails(RetryInfoSchema).length === 0;
}
