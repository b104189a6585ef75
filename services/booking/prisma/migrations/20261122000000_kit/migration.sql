-- Tables of @mawid/service-kit: events out, events in, dead letters, idempotency keys.

CREATE TABLE outbox (
  id                uuid        PRIMARY KEY DEFAULT uuidv7(),
  position          bigint      GENERATED ALWAYS AS IDENTITY,
  subject           text        NOT NULL,
  payload           bytea       NOT NULL,
  aggregate_id      text        NOT NULL,
  aggregate_version bigint      NOT NULL DEFAULT 0,
  lane              smallint    NOT NULL,
  traceparent       text,
  tracestate        text,
  created_at        timestamptz NOT NULL DEFAULT now(),
  published_at      timestamptz,
  attempts          integer     NOT NULL DEFAULT 0,
  last_error        text
);
CREATE INDEX outbox_unpublished ON outbox (lane, position) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;

CREATE TABLE inbox (
  event_id    uuid        PRIMARY KEY,
  subject     text        NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX inbox_received ON inbox (received_at);

CREATE TABLE dead_letters (
  id                uuid        PRIMARY KEY DEFAULT uuidv7(),
  event_id          uuid        NOT NULL UNIQUE,
  subject           text        NOT NULL,
  payload           bytea       NOT NULL,
  aggregate_id      text        NOT NULL DEFAULT '',
  aggregate_version bigint      NOT NULL DEFAULT 0,
  traceparent       text,
  tracestate        text,
  occurred_at       timestamptz NOT NULL DEFAULT now(),
  deliveries        integer     NOT NULL,
  error             text        NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT now(),
  replayed_at       timestamptz
);
CREATE INDEX dead_letters_waiting ON dead_letters (created_at) WHERE replayed_at IS NULL;

CREATE TABLE idempotency_keys (
  user_id      text        NOT NULL,
  method       text        NOT NULL,
  key          text        NOT NULL,
  request_hash bytea       NOT NULL,
  response     bytea,
  created_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, method, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
