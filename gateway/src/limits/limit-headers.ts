import type { Policy } from './policy.ts';

/** What is left of one policy for one caller. */
export interface Standing {
  readonly policy: Policy;
  readonly remaining: number;
  /** Whole seconds until more is left. */
  readonly resetSeconds: number;
}

export type LimitHeaders = Readonly<Record<string, string>>;

/** The fields `RateLimit-Policy` of a class and `RateLimit` of the tightest standing, as draft-ietf-httpapi-ratelimit-headers-10 writes them. */
export function toLimitHeaders(policyField: string, standings: readonly Standing[]): LimitHeaders {
  const tightest = standings.reduce<Standing | undefined>(tighter, undefined);
  if (tightest === undefined) return policyField === '' ? {} : { 'ratelimit-policy': policyField };
  const { policy, remaining, resetSeconds } = tightest;
  return { 'ratelimit-policy': policyField, ratelimit: `"${policy.name}";r=${remaining};t=${resetSeconds}` };
}

/** `"spend-user";q=20;w=600, "spend-address";q=200;w=600` */
export function toPolicyField(policies: readonly Policy[]): string {
  return policies.map(({ name, limit, windowSeconds }) => `"${name}";q=${limit};w=${windowSeconds}`).join(', ');
}

/** Seconds from now until then, rounded up, at least 1. */
export function secondsUntil(then: number, now: number): number {
  return Math.max(1, Math.ceil((then - now) / 1_000));
}

/** The one with less left; of two with nothing left the one that takes longer. */
function tighter(one: Standing | undefined, other: Standing): Standing {
  if (one === undefined) return other;
  if (one.remaining !== other.remaining) return one.remaining < other.remaining ? one : other;
  return one.resetSeconds >= other.resetSeconds ? one : other;
}
