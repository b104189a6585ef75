-- How to reach people, what was or is to be told them, and why each message went out or did not.

-- Our copy of identity's facts, so that nobody must be asked back before a message is sent.
CREATE TABLE contacts (
  user_id           uuid        PRIMARY KEY,
  phone             text        NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{7,14}$'),
  email             text        CHECK (email <> ''),
  language          text        NOT NULL CHECK (language IN ('ar', 'en')),
  first_name        text        NOT NULL DEFAULT '',
  last_name         text        NOT NULL DEFAULT '',
  is_phone_verified boolean     NOT NULL,
  -- The user's version in identity: older facts are ignored.
  version           bigint      NOT NULL,
  updated_at        timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE messages (
  -- Also what the provider knows the message by (Unifonic's CorrelationID): a second sending is refused there.
  id              uuid        PRIMARY KEY DEFAULT uuidv7(),
  -- One fact, one message: `booking_confirmed:<booking>:<version>`.
  business_key    text        NOT NULL UNIQUE,
  -- Codes have a lane of their own, so that they overtake everything.
  lane            text        NOT NULL CHECK (lane IN ('code', 'text')),
  kind            text        NOT NULL CHECK (kind IN ('otp', 'booking_held', 'booking_confirmed', 'booking_cancelled',
                                                       'refund_succeeded')),
  -- What it refers to in the events we publish: a code's request or a booking.
  reference_id    text        NOT NULL,
  user_id         uuid,
  booking_id      uuid,
  -- Set where the message is only true of this version of the booking.
  booking_version bigint,
  -- What the text is written from; codes have none.
  facts           jsonb,
  -- The code as the JWE it came in; forgotten when the message has ended. Never the code itself.
  sealed_code     text,
  channel         text        NOT NULL CHECK (channel IN ('sms', 'whatsapp')),
  -- Taken from the contact, once, when a text is first tried; given for a code.
  phone           text,
  language        text        CHECK (language IN ('ar', 'en')),
  body            text,
  state           text        NOT NULL DEFAULT 'queued'
                              CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'dropped')),
  -- Calls to a provider.
  attempts        integer     NOT NULL DEFAULT 0,
  -- Times it was put off without a call.
  waits           integer     NOT NULL DEFAULT 0,
  -- When it is due. While it is being sent: when its lease ends and another worker may take it.
  next_attempt_at timestamptz NOT NULL DEFAULT now(),
  -- No use in sending it after this.
  expires_at      timestamptz NOT NULL,
  lease_id        uuid,
  provider        text,
  -- Why it was last put off, or why it failed or was dropped.
  reason          text,
  traceparent     text,
  tracestate      text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  sent_at         timestamptz,
  CONSTRAINT messages_lane_follows_kind CHECK ((kind = 'otp') = (lane = 'code')),
  CONSTRAINT messages_codes_have_no_text CHECK (lane = 'text' OR (body IS NULL AND facts IS NULL)),
  CONSTRAINT messages_texts_have_facts CHECK (lane = 'code' OR (facts IS NOT NULL AND user_id IS NOT NULL)),
  CONSTRAINT messages_forget_codes CHECK (sealed_code IS NULL OR state IN ('queued', 'sending')),
  CONSTRAINT messages_sending_are_leased CHECK ((state = 'sending') = (lease_id IS NOT NULL)),
  CONSTRAINT messages_sent_have_a_time CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);

CREATE INDEX messages_due ON messages (lane, next_attempt_at) WHERE state IN ('queued', 'sending');
CREATE INDEX messages_open_by_booking ON messages (booking_id, id) WHERE state IN ('queued', 'sending');
CREATE INDEX messages_without_contact ON messages (user_id) WHERE state = 'queued' AND lane = 'text' AND phone IS NULL;
CREATE INDEX messages_by_user ON messages (user_id, id) WHERE body IS NOT NULL;
CREATE INDEX messages_by_booking ON messages (booking_id, id);

-- The log for operators: each step of a message and its reason.
CREATE TABLE message_decisions (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id uuid        NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  decision   text        NOT NULL CHECK (decision IN ('tried', 'sent', 'recognised', 'retried', 'put_off', 'dropped',
                                                      'failed')),
  reason     text,
  provider   text,
  channel    text,
  decided_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX message_decisions_by_message ON message_decisions (message_id, id);
