export interface CodeState {
  purpose: string;
  deviceId: string | undefined;
  userId: string | undefined;
  attempts: number;
  expiresAt: Date;
  usedAt: Date | undefined;
  supersededAt: Date | undefined;
}

/** Who presents a code, and when. */
export interface Presenter {
  purpose: string;
  deviceId: string | undefined;
  userId: string | undefined;
  now: Date;
}

export type DeadCodeCause =
  | 'unknown'
  | 'other_purpose'
  | 'other_user'
  | 'other_device'
  | 'used'
  | 'superseded'
  | 'expired'
  | 'no_attempt_left'
  | 'no_guess_left';

/** Why a code was not even compared. For operators only: whoever presents it is told the same of all. */
export function causeOfDeath(
  code: CodeState | undefined,
  { purpose, deviceId, userId, now }: Presenter,
  maxAttempts: number,
): DeadCodeCause {
  if (code === undefined) return 'unknown';
  if (code.purpose !== purpose) return 'other_purpose';
  if (code.userId !== userId) return 'other_user';
  if (code.deviceId !== undefined && code.deviceId !== deviceId) return 'other_device';
  if (code.usedAt !== undefined) return 'used';
  if (code.supersededAt !== undefined) return 'superseded';
  if (code.expiresAt <= now) return 'expired';
  return code.attempts >= maxAttempts ? 'no_attempt_left' : 'no_guess_left';
}
