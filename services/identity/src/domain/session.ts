import type { Role } from './user.ts';

export interface SessionLimits {
  /** From sign-in to the end, however often it is refreshed. */
  customerLifetimeMs: number;
  staffLifetimeMs: number;
  /** How long a used refresh token gives its successor again, to the same device. */
  graceMs: number;
}

/** A refresh token that was presented but could not be exchanged, with its session. */
export interface PresentedToken {
  usedAt: Date | undefined;
  endedAt: Date | undefined;
  expiresAt: Date;
  /** The device that used it. */
  usedBy: string | undefined;
}

export function sessionEnd(role: Role, now: Date, limits: SessionLimits): Date {
  const lifetime = role === 'customer' ? limits.customerLifetimeMs : limits.staffLifetimeMs;
  return new Date(now.getTime() + lifetime);
}

/**
 * `repeat`: the answer to the first use was lost, or two tabs refreshed at once: the same successor again.
 * `reuse`: two parties hold the token, so one of them stole it: the session ends for both.
 */
export function judgeUsedToken(
  token: PresentedToken,
  { now, deviceId, graceMs }: { now: Date; deviceId: string | undefined; graceMs: number },
): 'invalid' | 'repeat' | 'reuse' {
  if (token.endedAt !== undefined || token.expiresAt <= now || token.usedAt === undefined) return 'invalid';
  const isInGrace = now.getTime() - token.usedAt.getTime() <= graceMs;
  return isInGrace && token.usedBy === deviceId ? 'repeat' : 'reuse';
}
