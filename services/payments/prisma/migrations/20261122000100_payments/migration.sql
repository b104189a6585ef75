-- Payments, refunds, and the webhooks of the payment provider. Amounts are minor units of their currency.

CREATE TABLE payments (
  id                  uuid        PRIMARY KEY,
  booking_id          uuid        NOT NULL,
  customer_id         uuid        NOT NULL,
  salon_id            uuid        NOT NULL,
  method              text        NOT NULL CHECK (method IN ('hosted_invoice')),
  state               text        NOT NULL CHECK (state IN ('created', 'awaiting_payer', 'captured', 'partially_refunded',
                                                            'refunded', 'failed', 'expired', 'unknown')),
  currency            text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount              bigint      NOT NULL CHECK (amount > 0),
  captured            bigint      NOT NULL DEFAULT 0,
  -- All refunds that have not failed. The checks below cap it whoever writes, under the row's lock.
  reserved            bigint      NOT NULL DEFAULT 0,
  refunded            bigint      NOT NULL DEFAULT 0,
  description         text        NOT NULL,
  expires_at          timestamptz NOT NULL,
  provider_invoice_id text        UNIQUE,
  provider_payment_id text        UNIQUE,
  payment_url         text,
  failure_reason      text,
  captured_at         timestamptz,
  -- Captured after it had been given up. Another payment of the booking may be live by then, and both must be kept.
  paid_late           boolean     NOT NULL DEFAULT false,
  -- Why an operator must look at it. Nothing happens to the payment by itself while it is set.
  attention           text,
  -- Calls that were to make the invoice, and when the last one left whose outcome is not known.
  invoice_calls       integer     NOT NULL DEFAULT 0,
  invoice_called_at   timestamptz,
  next_check_at       timestamptz,
  checks              integer     NOT NULL DEFAULT 0,
  -- Who talks to the provider about this payment right now: one at a time.
  lease_id            uuid,
  leased_until        timestamptz,
  traceparent         text,
  version             bigint      NOT NULL DEFAULT 1,
  created_at          timestamptz NOT NULL,
  updated_at          timestamptz NOT NULL,
  CONSTRAINT payments_captured_at_most_amount CHECK (captured BETWEEN 0 AND amount),
  CONSTRAINT payments_reserved_at_most_captured CHECK (reserved BETWEEN 0 AND captured),
  CONSTRAINT payments_refunded_at_most_reserved CHECK (refunded BETWEEN 0 AND reserved)
);

CREATE UNIQUE INDEX payments_one_live_per_booking ON payments (booking_id)
  WHERE state IN ('created', 'unknown', 'awaiting_payer', 'captured', 'partially_refunded') AND NOT paid_late;
CREATE INDEX payments_by_booking ON payments (booking_id, id);
CREATE INDEX payments_by_customer ON payments (customer_id, id);
CREATE INDEX payments_to_check ON payments (next_check_at) WHERE next_check_at IS NOT NULL;

CREATE TABLE refunds (
  id              uuid        PRIMARY KEY,
  payment_id      uuid        NOT NULL REFERENCES payments (id),
  amount          bigint      NOT NULL CHECK (amount > 0),
  state           text        NOT NULL CHECK (state IN ('pending', 'succeeded', 'failed')),
  reason          text        NOT NULL,
  -- The fact that asked for it: one fact, one refund.
  source_key      text        NOT NULL UNIQUE,
  requested_by    uuid,
  -- Set, and committed, before the provider is called: from then on it may have acted.
  sent_at         timestamptz,
  attempts        integer     NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  failure_reason  text,
  refunded_at     timestamptz,
  traceparent     text,
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL,
  CONSTRAINT refunds_pending_are_scheduled CHECK ((state = 'pending') = (next_attempt_at IS NOT NULL))
);

CREATE INDEX refunds_by_payment ON refunds (payment_id, created_at, id);
CREATE INDEX refunds_to_send ON refunds (next_attempt_at) WHERE state = 'pending';

CREATE TABLE webhook_events (
  -- The provider's id of the event.
  id              text        PRIMARY KEY,
  type            text        NOT NULL,
  -- The provider's id of what the event is about.
  subject_id      text        NOT NULL,
  -- As received, without the secret.
  payload         jsonb       NOT NULL,
  received_at     timestamptz NOT NULL,
  attempts        integer     NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  processed_at    timestamptz,
  outcome         text,
  payment_id      uuid        REFERENCES payments (id),
  last_error      text,
  traceparent     text,
  CONSTRAINT webhook_events_open_are_scheduled CHECK ((processed_at IS NULL) = (next_attempt_at IS NOT NULL))
);

CREATE INDEX webhook_events_to_process ON webhook_events (next_attempt_at) WHERE processed_at IS NULL;
