-- Where a session was begun, for the list that its user sees; more reasons for its end.

ALTER TABLE sessions
  ADD COLUMN address    text,
  ADD COLUMN user_agent text,
  DROP CONSTRAINT sessions_end_reason_check,
  ADD CONSTRAINT sessions_end_reason_check CHECK (end_reason IN (
    'logout', 'logout_all', 'revoked', 'refresh_reuse', 'role_change', 'suspended', 'phone_change', 'replaced', 'operator'));
