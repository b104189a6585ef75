import { networkOf } from '@mawid/service-kit';
import type { AddressSet } from '../http/client-address.ts';
import { clientAddressOf } from '../http/client-address.ts';
import type { Exchange } from '../http/exchange.ts';
import { headerOf } from '../http/request-headers.ts';
import { Refusal } from '../rest/problem/refusal.ts';
import type { CallerKeys, Gate, Verdict } from './gate.ts';
import type { KeyDigest } from './key-digest.ts';
import { secondsUntil, toLimitHeaders, toPolicyField } from './limit-headers.ts';
import type { Policy } from './policy.ts';
import type { RateClassName } from './rate-class.ts';

/** The limits of requests. What is left is told in the answer's headers, by way of the exchange. */
export interface Limits {
  /** Throws the refusal 429 where the caller's address is known to have spent its limit. Counts nothing yet. */
  enter(exchange: Exchange, rateClass: RateClassName): Ticket;
}

export interface Ticket {
  /**
   * Counts the request for its address and, where one signed in, its user. Throws or rejects with the refusal 429, and 503 where money would be spent while
   * nobody can tell how much was.
   */
  count(userId: string | undefined): Promise<void> | undefined;
}

export interface LimitsOptions {
  readonly gates: Readonly<Record<RateClassName, Gate>>;
  readonly trustedProxies: AddressSet;
  readonly digest: KeyDigest;
  now(): number;
  onRefusal(policy: Policy): void;
}

/** What a client is told to wait while the store is away. */
const closedSeconds = 2;

export function createLimits({ gates, trustedProxies, digest, now, onRefusal }: LimitsOptions): Limits {
  function settle(verdict: Verdict, exchange: Exchange, policyField: string): undefined {
    if (verdict.kind === 'taken') {
      exchange.limitHeaders = toLimitHeaders(policyField, verdict.standings);
      return undefined;
    }
    if (verdict.kind === 'closed') {
      exchange.limitHeaders = toLimitHeaders(policyField, []);
      throw new Refusal('UNAVAILABLE', { status: 503, retryAfterSeconds: closedSeconds });
    }
    const { policy, freeAt } = verdict;
    const wait = secondsUntil(freeAt, now());
    exchange.limitHeaders = toLimitHeaders(policyField, [{ policy, remaining: 0, resetSeconds: wait }]);
    onRefusal(policy);
    throw new Refusal('RATE_LIMITED', { status: 429, retryAfterSeconds: wait });
  }

  function addressKeyOf({ request }: Exchange): string {
    const forwarded = headerOf(request, 'x-forwarded-for');
    return digest(`address ${networkOf(clientAddressOf(request.socket.remoteAddress, forwarded, trustedProxies))}`);
  }

  const policyFields = Object.fromEntries(
    Object.entries(gates).map(([rateClass, gate]) => [rateClass, toPolicyField(gate.policies)]),
  ) as Record<RateClassName, string>;

  return {
    enter(exchange, rateClass) {
      const gate = gates[rateClass];
      const policyField = policyFields[rateClass];
      const address = addressKeyOf(exchange);
      const refused = gate.findRefusal({ address });
      if (refused) settle(refused, exchange, policyField);
      return {
        count(userId) {
          const keys: CallerKeys = userId === undefined ? { address } : { address, user: digest(`user ${userId}`) };
          const verdict = gate.take(keys);
          if (verdict instanceof Promise) return verdict.then((each) => settle(each, exchange, policyField));
          return settle(verdict, exchange, policyField);
        },
      };
    },
  };
}
