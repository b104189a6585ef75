-- Sessions that lie idle, the two names of a device, signing keys that are withdrawn.

ALTER TABLE sessions
  DROP CONSTRAINT sessions_end_reason_check,
  ADD CONSTRAINT sessions_end_reason_check CHECK (end_reason IN (
    'logout', 'logout_all', 'revoked', 'refresh_reuse', 'role_change', 'suspended', 'phone_change', 'replaced', 'operator',
    'idle')),
  -- What the device called itself at the sign-in; device_id is our name for it.
  ADD COLUMN given_device_id text;
UPDATE sessions SET given_device_id = device_id;

-- A key in foreign hands signs nothing from then on, and verifiers are no longer told of it.
ALTER TABLE signing_keys ADD COLUMN retired_at timestamptz;
