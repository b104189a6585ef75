-- People who are gone: what they wrote goes, their times and prices stay.

CREATE TABLE erased_customers (
  user_id   uuid        PRIMARY KEY,
  erased_at timestamptz NOT NULL
);

-- A call that was under way when its customer was erased, or a fact that came late, must not bring words back. Updates meet
-- the erasure at the row's lock; a row that is not there yet cannot be locked, so inserts meet it at a lock of the customer.
CREATE FUNCTION forget_erased_customer() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended(NEW.customer_id::text, 0));
  END IF;
  IF EXISTS (SELECT FROM erased_customers WHERE user_id = NEW.customer_id) THEN
    NEW.customer_note := '';
    NEW.cancel_reason := '';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER bookings_forget_erased_customer BEFORE INSERT OR UPDATE ON bookings
  FOR EACH ROW WHEN (NEW.customer_note <> '' OR NEW.cancel_reason <> '') EXECUTE FUNCTION forget_erased_customer();
