-- People who are gone: the words of their banks go, the money stays. And what nobody needs of a payer is not kept at all.

CREATE TABLE erased_customers (
  user_id   uuid        PRIMARY KEY,
  erased_at timestamptz NOT NULL
);

-- What the provider tells late must not bring words back. Updates meet the erasure at the row's lock.
CREATE FUNCTION forget_erased_customer() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM erased_customers WHERE user_id = NEW.customer_id) THEN
    NEW.failure_reason := NULL;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER payments_forget_erased_customer BEFORE UPDATE ON payments
  FOR EACH ROW WHEN (NEW.failure_reason IS NOT NULL) EXECUTE FUNCTION forget_erased_customer();

-- Cardholders, digits of cards and addresses came with webhooks and were kept until now; see parseWebhook.
UPDATE webhook_events
   SET payload = jsonb_build_object('id', payload -> 'id', 'type', payload -> 'type', 'data',
                                    jsonb_build_object('id', payload #> '{data,id}', 'status', payload #> '{data,status}'));
