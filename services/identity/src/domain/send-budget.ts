export interface SendLimits {
  cooldownMs: number;
  windowMs: number;
  maxPerWindow: number;
}

export interface SendRefusal {
  reason: 'CODE_COOLDOWN' | 'CODE_BUDGET_SPENT';
  retryAfterSeconds: number;
}

/** Why no code may be sent at `now`, and when one may be; undefined when one may. `sentAt` is in order of time. */
export function refuseSend(sentAt: readonly Date[], now: Date, limits: SendLimits): SendRefusal | undefined {
  const recent = sentAt.map(Number).filter((time) => time > now.getTime() - limits.windowMs);
  // The send that must leave the window before there is room for another.
  const blocking = recent.at(-limits.maxPerWindow);
  if (recent.length >= limits.maxPerWindow && blocking !== undefined) {
    return { reason: 'CODE_BUDGET_SPENT', retryAfterSeconds: toSeconds(blocking + limits.windowMs - now.getTime()) };
  }
  const last = sentAt.at(-1)?.getTime() ?? Number.NEGATIVE_INFINITY;
  const wait = last + limits.cooldownMs - now.getTime();
  return wait > 0 ? { reason: 'CODE_COOLDOWN', retryAfterSeconds: toSeconds(wait) } : undefined;
}

function toSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
