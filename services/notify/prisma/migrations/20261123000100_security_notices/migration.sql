-- Notices about a person's account, calls whose end is not known, and people who are gone.

ALTER TABLE messages DROP CONSTRAINT messages_kind_check;
ALTER TABLE messages ADD CONSTRAINT messages_kind_check
  CHECK (kind IN ('otp', 'booking_held', 'booking_confirmed', 'booking_cancelled', 'refund_succeeded', 'security_notice'));

-- A code's provider was called and the end of that call is not written: it may have acted, and must not be called again.
ALTER TABLE messages ADD COLUMN call_open boolean NOT NULL DEFAULT false;
UPDATE messages SET call_open = true WHERE lane = 'code' AND state = 'sending';

-- Phone, text and facts go with the message's end.
ALTER TABLE messages ADD COLUMN forgets boolean NOT NULL DEFAULT false;
ALTER TABLE messages DROP CONSTRAINT messages_texts_have_facts;
ALTER TABLE messages ADD CONSTRAINT messages_texts_have_facts
  CHECK (lane = 'code' OR user_id IS NOT NULL AND (facts IS NOT NULL OR state IN ('sent', 'failed', 'dropped')));
ALTER TABLE messages ADD CONSTRAINT messages_forget_at_their_end
  CHECK (NOT forgets OR state IN ('queued', 'sending') OR (phone IS NULL AND body IS NULL AND facts IS NULL));
CREATE INDEX messages_to_forget ON messages (user_id) WHERE user_id IS NOT NULL AND NOT forgets;
CREATE INDEX messages_codes_by_phone ON messages (phone) WHERE lane = 'code' AND phone IS NOT NULL;

-- Who was erased stays as an empty contact, so that an older fact that comes late finds it and brings nothing back.
ALTER TABLE contacts ADD COLUMN erased_at timestamptz;
ALTER TABLE contacts ALTER COLUMN phone DROP NOT NULL;
ALTER TABLE contacts ADD CONSTRAINT contacts_erased_are_empty
  CHECK (CASE WHEN erased_at IS NULL THEN phone IS NOT NULL
              ELSE phone IS NULL AND email IS NULL AND first_name = '' AND last_name = '' END);
