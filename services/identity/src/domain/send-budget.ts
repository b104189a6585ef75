const day = 24 * 3_600_000;

export interface SendLimits {
  cooldownMs: number;
  windowMs: number;
  maxPerWindow: number;
  maxPerDay: number;
}

/** A limit as the RateLimit fields name it. */
export interface LimitPolicy {
  name: string;
  quota: number;
  windowSeconds: number;
}

export interface SendRefusal {
  reason: 'CODE_COOLDOWN' | 'CODE_BUDGET_SPENT' | 'CODE_SENDING_PAUSED' | 'RATE_LIMITED';
  retryAfterSeconds: number;
  /** The limit that was reached; absent where none was. */
  policy?: LimitPolicy;
}

/** Why no code may be sent at `now`, and when one may be; undefined when one may. `sentAt` is in order of time. */
export function refuseSend(sentAt: readonly Date[], now: Date, limits: SendLimits): SendRefusal | undefined {
  const spent = [
    waitFor(sentAt, now, { name: 'phone-day', quota: limits.maxPerDay, windowMs: day }),
    waitFor(sentAt, now, { name: 'phone', quota: limits.maxPerWindow, windowMs: limits.windowMs }),
  ].filter((refusal) => refusal !== undefined);
  const longest = longestOf(spent);
  if (longest) return longest;
  const cooldown = waitFor(sentAt, now, { name: 'phone-cooldown', quota: 1, windowMs: limits.cooldownMs });
  return cooldown && { ...cooldown, reason: 'CODE_COOLDOWN' };
}

/** The send that must leave the window before there is room for another decides how long to wait. */
function waitFor(
  sentAt: readonly Date[],
  now: Date,
  { name, quota, windowMs }: { name: string; quota: number; windowMs: number },
): SendRefusal | undefined {
  const recent = sentAt.map(Number).filter((time) => time > now.getTime() - windowMs);
  const blocking = recent.at(-quota);
  if (recent.length < quota || blocking === undefined) return undefined;
  const retryAfterSeconds = Math.max(1, Math.ceil((blocking + windowMs - now.getTime()) / 1000));
  return {
    reason: 'CODE_BUDGET_SPENT',
    retryAfterSeconds,
    policy: { name, quota, windowSeconds: Math.ceil(windowMs / 1000) },
  };
}

/** Of several refusals the one to tell: when its wait is over, so are the others'. */
export function longestOf<R extends SendRefusal>(refusals: readonly R[]): R | undefined {
  const longest = Math.max(...refusals.map(({ retryAfterSeconds }) => retryAfterSeconds));
  return refusals.find(({ retryAfterSeconds }) => retryAfterSeconds === longest);
}
