/** What the audit log tells of. */
export type AuditKind =
  | 'code_requested'
  | 'code_checked'
  | 'signed_in'
  | 'registered'
  | 'refresh_token_reused'
  | 'session_ended'
  | 'all_sessions_ended'
  | 'phone_changed'
  | 'profile_changed'
  | 'identity_linked'
  | 'identity_unlinked'
  | 'data_exported'
  | 'user_erased'
  | 'user_purged'
  | 'role_changed'
  | 'user_suspended'
  | 'user_reinstated'
  | 'user_unlocked'
  | 'users_searched'
  | 'user_read'
  | 'audit_log_read'
  | 'signing_key_rotated';

export interface AuditActor {
  kind: 'anonymous' | 'user' | 'service' | 'system';
  id?: string | undefined;
}

/** One line. It never holds a code, a token or anything made of one. */
export interface AuditEntry {
  at: Date;
  kind: AuditKind;
  outcome: 'ok' | 'refused';
  /** Why it was refused (`CODE_INVALID`); for what was done, an operator's words. */
  reason?: string | undefined;
  actor: AuditActor;
  /** Whom it was done to. */
  userId?: string | undefined;
  phoneNumber?: string | undefined;
  address?: string | undefined;
  deviceId?: string | undefined;
  userAgent?: string | undefined;
  details?: Readonly<Record<string, string>> | undefined;
}
