-- Accounts at Google and Apple that sign in as a user, and what is still to be revoked at Apple.

CREATE TABLE identities (
  id                   uuid        PRIMARY KEY,
  user_id              uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
  provider             text        NOT NULL CHECK (provider IN ('google', 'apple')),
  -- In one spelling, whichever of a provider's issuers a token names.
  issuer               text        NOT NULL CHECK (issuer <> ''),
  subject              text        NOT NULL CHECK (subject <> ''),
  -- For people to tell accounts apart. Nothing is ever found by it: it has no index on purpose.
  email                text        CHECK (email <> ''),
  -- Apple's, with the client it was given to: only that one can revoke it.
  sealed_refresh_token bytea,
  client_id            text,
  linked_at            timestamptz NOT NULL,
  UNIQUE (issuer, subject),
  UNIQUE (user_id, provider),
  CHECK ((sealed_refresh_token IS NULL) = (client_id IS NULL))
);

-- Refresh tokens of identities that are gone. The id is that of the identity, under which the token was sealed.
CREATE TABLE apple_revocations (
  id                   uuid        PRIMARY KEY,
  sealed_refresh_token bytea       NOT NULL,
  client_id            text        NOT NULL,
  attempts             integer     NOT NULL DEFAULT 0,
  -- Due at once at first, whatever any clock says.
  next_attempt_at      timestamptz NOT NULL DEFAULT '-infinity',
  lease_id             uuid,
  leased_until         timestamptz,
  last_error           text,
  dead_at              timestamptz,
  created_at           timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX apple_revocations_due ON apple_revocations (next_attempt_at) WHERE dead_at IS NULL;
CREATE INDEX apple_revocations_dead ON apple_revocations (dead_at) WHERE dead_at IS NOT NULL;
