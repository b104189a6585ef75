-- People, one-time codes and their budgets, sessions, signing keys.

CREATE TABLE users (
  id                 uuid        PRIMARY KEY,
  phone_number       text        NOT NULL UNIQUE CHECK (phone_number ~ '^\+[1-9][0-9]{7,14}$'),
  email              text        CHECK (email <> ''),
  role               text        NOT NULL DEFAULT 'customer' CHECK (role IN ('customer', 'staff', 'manager', 'admin')),
  first_name         text        NOT NULL DEFAULT '',
  last_name          text        NOT NULL DEFAULT '',
  preferred_language text        CHECK (preferred_language IN ('ar', 'en')),
  verified_at        timestamptz,
  session_version    integer     NOT NULL DEFAULT 1,
  version            bigint      NOT NULL DEFAULT 1,
  created_at         timestamptz NOT NULL,
  updated_at         timestamptz NOT NULL
);
-- Who has not verified a phone holds no e-mail address against others.
CREATE UNIQUE INDEX users_verified_email ON users (lower(email)) WHERE verified_at IS NOT NULL AND email IS NOT NULL;

CREATE TABLE code_requests (
  id            uuid        PRIMARY KEY,
  phone_number  text        NOT NULL CHECK (phone_number ~ '^\+[1-9][0-9]{7,14}$'),
  purpose       text        NOT NULL CHECK (purpose IN ('auth', 'verify')),
  channel       text        NOT NULL CHECK (channel IN ('sms', 'whatsapp')),
  device_id     text,
  key_id        text        NOT NULL,
  code_hmac     bytea       NOT NULL CHECK (length(code_hmac) = 32),
  attempts      smallint    NOT NULL DEFAULT 0,
  created_at    timestamptz NOT NULL,
  expires_at    timestamptz NOT NULL,
  used_at       timestamptz,
  superseded_at timestamptz
);
-- Only the newest code of a phone and purpose works: there can be no second live one.
CREATE UNIQUE INDEX code_requests_live ON code_requests (phone_number, purpose)
  WHERE used_at IS NULL AND superseded_at IS NULL;
CREATE INDEX code_requests_expired ON code_requests (expires_at);

-- When codes were sent to a phone, within the window; the row is also the lock of the phone.
CREATE TABLE send_budgets (
  phone_number text          PRIMARY KEY,
  sent_at      timestamptz[] NOT NULL
);

-- Guesses made at a phone's codes. Only a right code deletes the row.
CREATE TABLE guess_budgets (
  phone_number text          PRIMARY KEY,
  guessed_at   timestamptz[] NOT NULL,
  consecutive  integer       NOT NULL
);

CREATE TABLE sessions (
  id               uuid        PRIMARY KEY,
  user_id          uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
  device_id        text,
  amr              text[]      NOT NULL,
  authenticated_at timestamptz NOT NULL,
  last_used_at     timestamptz NOT NULL,
  expires_at       timestamptz NOT NULL,
  ended_at         timestamptz,
  end_reason       text        CHECK (end_reason IN ('logout', 'refresh_reuse', 'role_change')),
  CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE INDEX sessions_user ON sessions (user_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_expired ON sessions (expires_at);

-- A session's refresh tokens: all but the newest are used.
CREATE TABLE refresh_tokens (
  token_hash  bytea       PRIMARY KEY CHECK (length(token_hash) = 32),
  session_id  uuid        NOT NULL REFERENCES sessions ON DELETE CASCADE,
  created_at  timestamptz NOT NULL,
  used_at     timestamptz,
  -- The device that used it: only that one is given the successor again.
  used_device text
);
CREATE UNIQUE INDEX refresh_tokens_live ON refresh_tokens (session_id) WHERE used_at IS NULL;
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE signing_keys (
  -- Two processes that both see the need of a next key agree on its number; the second insert is skipped.
  generation         integer     PRIMARY KEY CHECK (generation > 0),
  kid                text        NOT NULL UNIQUE,
  public_jwk         jsonb       NOT NULL,
  sealed_private_key bytea       NOT NULL,
  active_from        timestamptz NOT NULL,
  created_at         timestamptz NOT NULL
);
