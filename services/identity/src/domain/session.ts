import type { Role } from './user.ts';

export interface SessionLimits {
  /** From sign-in to the end, however often it is refreshed. */
  customerLifetimeMs: number;
  staffLifetimeMs: number;
  /** How long a session of staff, managers and admins may go without a refresh. */
  staffIdleMs: number;
  /** How long a used refresh token gives its successor again, to the same device. */
  graceMs: number;
}

/** A refresh token that was presented but could not be exchanged, with its session. */
export interface PresentedToken {
  usedAt: Date | undefined;
  /** The device that used it. */
  usedBy: string | undefined;
  endedAt: Date | undefined;
  expiresAt: Date;
  lastUsedAt: Date;
  role: Role;
  /** Our name for the device that signed in. */
  deviceId: string | undefined;
  /** What it called itself. */
  givenDeviceId: string | undefined;
}

export interface Presentation {
  now: Date;
  /** The device that presents the token. */
  deviceId: string | undefined;
  limits: Pick<SessionLimits, 'graceMs' | 'staffIdleMs'>;
}

export function sessionEnd(role: Role, now: Date, limits: SessionLimits): Date {
  const lifetime = role === 'customer' ? limits.customerLifetimeMs : limits.staffLifetimeMs;
  return new Date(now.getTime() + lifetime);
}

/** A session of staff that was last used then, or before, lies idle. */
export function idleSince(now: Date, { staffIdleMs }: Pick<SessionLimits, 'staffIdleMs'>): Date {
  return new Date(now.getTime() - staffIdleMs);
}

/** Whole seconds that an access token may live: no longer than its session. */
export function accessLifetime(now: Date, sessionEndsAt: Date, lifetimeSeconds: number): number {
  const left = Math.ceil((sessionEndsAt.getTime() - now.getTime()) / 1000);
  return Math.max(1, Math.min(lifetimeSeconds, left));
}

/**
 * `repeat`: the answer to the first use was lost, or two tabs refreshed at once: the same successor again.
 * `reuse`: two parties hold the token, so one of them stole it: the session ends for both.
 * `idle`: nobody has used the session for too long: it ends.
 */
export function judgeUsedToken(
  token: PresentedToken,
  { now, deviceId, limits }: Presentation,
): 'invalid' | 'repeat' | 'reuse' | 'idle' {
  if (token.endedAt !== undefined || token.expiresAt <= now) return 'invalid';
  if (token.usedAt === undefined) return isIdle(token, now, limits) ? 'idle' : 'invalid';
  const isInGrace = now.getTime() - token.usedAt.getTime() <= limits.graceMs;
  return isInGrace && isSameDevice(token, deviceId) ? 'repeat' : 'reuse';
}

function isIdle({ role, lastUsedAt }: PresentedToken, now: Date, limits: Presentation['limits']): boolean {
  return role !== 'customer' && lastUsedAt <= idleSince(now, limits);
}

// A client may take up our name for its device late, in one tab before the other, or never: until then it uses its own.
function isSameDevice({ usedBy, deviceId, givenDeviceId }: PresentedToken, presenter: string | undefined): boolean {
  const ours = (name: string | undefined) => (name !== undefined && name === givenDeviceId ? deviceId : name);
  return ours(usedBy) === ours(presenter);
}
