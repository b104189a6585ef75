-- Who did what, and which devices are known.

CREATE TABLE audit_log (
  id           uuid        PRIMARY KEY,
  at           timestamptz NOT NULL,
  kind         text        NOT NULL,
  outcome      text        NOT NULL CHECK (outcome IN ('ok', 'refused')),
  reason       text        NOT NULL DEFAULT '',
  actor_kind   text        NOT NULL CHECK (actor_kind IN ('anonymous', 'user', 'service', 'system')),
  actor_id     text,
  -- Whom it was done to. No foreign key: the line outlives the person.
  user_id      uuid,
  phone_number text,
  address      text,
  device_id    text,
  user_agent   text,
  details      jsonb       NOT NULL DEFAULT '{}',
  trace_id     text
);
CREATE INDEX audit_log_user ON audit_log (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX audit_log_actor ON audit_log (actor_id, id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_log_phone ON audit_log (phone_number, id) WHERE phone_number IS NOT NULL;
CREATE INDEX audit_log_kind ON audit_log (kind, id);

-- A device on which a user has signed in with a code. Others' failures at the user's phone do not lock it out.
CREATE TABLE known_devices (
  user_id       uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
  device_id     text        NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at  timestamptz NOT NULL,
  PRIMARY KEY (user_id, device_id)
);
