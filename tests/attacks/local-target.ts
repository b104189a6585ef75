import { ConnectError } from '@connectrpc/connect';
import { ErrorInfoSchema } from '@mawid/contracts/gen/google/rpc/error_details_pb.js';
import { reasonOf } from '@mawid/service-kit';
import { headersOf } from '@mawid/service-kit/testing';
import type { IdentityFixture } from '../../services/identity/tests/identity-fixture.ts';
import { readDamage, type Target } from './target.ts';

/** Identity alone, in this process, with a clock that the attack moves: days pass in seconds. */
export function createLocalTarget({ auth, rows }: IdentityFixture): Target {
  const headers = (address: string) => headersOf({ peer: 'gateway', 'x-client-address': address } as never);
  return {
    async requestCode({ phoneNumber, address, solution }) {
      const order = { phoneNumber, ...(solution === undefined ? {} : { challengeSolution: solution }) };
      const call = auth.requestPhoneCode(order, { headers: headers(address) });
      const answer = await call.catch((error: unknown) => ConnectError.from(error));
      if (!(answer instanceof ConnectError)) {
        return { outcome: 'ok', requestId: answer.requestId, retryAfter: 0, puzzle: undefined };
      }
      const { retry_after_seconds: wait, puzzle } = metadataOf(answer);
      return { outcome: outcomeOf(answer), requestId: '', retryAfter: Number(wait ?? 0), puzzle };
    },
    async verify({ requestId, code, address }) {
      const call = auth.verifyPhoneCode({ requestId, code }, { headers: headers(address) });
      const answer = await call.catch((error: unknown) => ConnectError.from(error));
      return answer instanceof ConnectError ? outcomeOf(answer) : 'ok';
    },
    readDamage: () => readDamage((text) => rows(text)),
  };
}

const metadataOf = (error: ConnectError) => error.findDetails(ErrorInfoSchema)[0]?.metadata ?? {};

/** The reason, with the name of the limit where the refusal says one. */
function outcomeOf(error: ConnectError): string {
  const limit = /^"([^"]+)"/.exec(error.metadata.get('ratelimit') ?? '')?.[1];
  return `${reasonOf(error) ?? error.code}${limit === undefined ? '' : ` (${limit})`}`;
}
