-- What happens to a booking once it is made: it moves, it is listed, it is forgotten.

-- Gives up the claims of a booking and takes others, or changes nothing. The caller holds the lock of the booking's row and
-- gives the claims in the order of `claim_time`. Outcomes: moved; stale (the salon's calendar is at another version than the
-- decision was made by); taken; deadlock (this one was chosen to give way: to try again helps).
--
-- A claim that is given up is a lock until the commit: whoever wants its time waits for what becomes of this. So bookings
-- that move over the same people or things do it one after the other, and each goes through its subjects in their order.
CREATE FUNCTION move_claims(p_booking_id uuid, p_salon_id uuid, p_calendar_version bigint, p_subjects uuid[],
  p_ranges tstzrange[], p_hold timestamptz, p_now timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  current uuid;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(calendar_key(p_salon_id));
  PERFORM FROM salons WHERE id = p_salon_id AND calendar_version = p_calendar_version;
  IF NOT FOUND THEN
    RETURN 'stale';
  END IF;
  FOR current IN
    SELECT subject FROM claims WHERE booking_id = p_booking_id UNION SELECT unnest(p_subjects) ORDER BY 1
  LOOP
    PERFORM pg_advisory_xact_lock(hashtextextended('move ' || current, 0));
  END LOOP;
  FOR current IN
    SELECT subject FROM claims WHERE booking_id = p_booking_id UNION SELECT unnest(p_subjects) ORDER BY 1
  LOOP
    DELETE FROM claims WHERE booking_id = p_booking_id AND subject = current;
    PERFORM claim_time(p_booking_id,
      ARRAY(SELECT wanted.subject FROM unnest(p_subjects) AS wanted(subject) WHERE wanted.subject = current),
      ARRAY(SELECT wanted.during FROM unnest(p_subjects, p_ranges) WITH ORDINALITY AS wanted(subject, during, place)
             WHERE wanted.subject = current ORDER BY place), p_hold, p_now);
  END LOOP;
  RETURN 'moved';
EXCEPTION
  WHEN SQLSTATE 'MW001' OR exclusion_violation THEN
    RETURN 'taken';
  WHEN deadlock_detected THEN
    RETURN 'deadlock';
END $$;

-- As before, and nothing is kept of anybody or anything that has left the catalogue meanwhile: who changes it asks for no hold
-- that has lapsed. What is not offered any more, but was held all the time, is kept.
CREATE OR REPLACE FUNCTION keep_claims(p_booking_id uuid, p_now timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  subjects uuid[];
  ranges tstzrange[];
BEGIN
  -- Whoever changes the catalogue waits for this lock, and is waited for.
  PERFORM pg_advisory_xact_lock_shared(calendar_key(salon_id)) FROM bookings WHERE id = p_booking_id;
  IF EXISTS (
    SELECT FROM claims c
      CROSS JOIN LATERAL (SELECT active, deleted_at FROM staff_members WHERE id = c.subject
                          UNION ALL SELECT active, deleted_at FROM resources WHERE id = c.subject) listed
     WHERE c.booking_id = p_booking_id
       AND (listed.deleted_at IS NOT NULL OR NOT listed.active AND (NOT c.active OR c.hold_expires_at <= p_now)))
  THEN
    RETURN false;
  END IF;
  UPDATE claims SET hold_expires_at = NULL WHERE id IN (
    SELECT id FROM claims WHERE booking_id = p_booking_id AND active ORDER BY subject, id FOR UPDATE);
  WITH released AS (DELETE FROM claims WHERE booking_id = p_booking_id AND NOT active RETURNING subject, during)
  SELECT array_agg(subject ORDER BY subject, during), array_agg(during ORDER BY subject, during)
    INTO subjects, ranges FROM released;
  IF subjects IS NOT NULL THEN
    PERFORM claim_time(p_booking_id, subjects, ranges, NULL, p_now);
  END IF;
  RETURN true;
EXCEPTION
  -- A deadlock says nothing about the time being taken: it is the caller's to try again.
  WHEN SQLSTATE 'MW001' OR exclusion_violation THEN
    RETURN false;
END $$;

-- The list of a salon that is asked for most: what waits for its answer, few among all that were.
CREATE INDEX bookings_salon_pending ON bookings (salon_id, start_at DESC, id DESC) WHERE state = 'pending_approval';

-- Guests who are still to be forgotten. Their place is kept by the one name.
CREATE INDEX bookings_guests ON bookings (end_at)
  WHERE guest_name IS NOT NULL AND (guest_name <> 'ضيف · Guest' OR guest_phone IS NOT NULL OR customer_note <> '');

-- As before, and what was said when it was declined.
CREATE OR REPLACE FUNCTION forget_erased_customer() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended(NEW.customer_id::text, 0));
  END IF;
  IF EXISTS (SELECT FROM erased_customers WHERE user_id = NEW.customer_id) THEN
    NEW.customer_note := '';
    NEW.cancel_reason := '';
    NEW.decline_reason := CASE WHEN NEW.decline_reason IS NOT NULL THEN '' END;
  END IF;
  RETURN NEW;
END $$;

DROP TRIGGER bookings_forget_erased_customer ON bookings;
CREATE TRIGGER bookings_forget_erased_customer BEFORE INSERT OR UPDATE ON bookings
  FOR EACH ROW WHEN (NEW.customer_note <> '' OR NEW.cancel_reason <> '' OR NEW.decline_reason <> '')
  EXECUTE FUNCTION forget_erased_customer();

-- A line of the history meets the erasure at the row of its booking; the first one, of which the erasure cannot know, at the
-- lock of the customer.
CREATE FUNCTION forget_erased_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  customer uuid := (SELECT customer_id FROM bookings WHERE id = NEW.booking_id);
BEGIN
  IF NEW.move = 'create' THEN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended(customer::text, 0));
  END IF;
  IF EXISTS (SELECT FROM erased_customers WHERE user_id = customer) THEN
    NEW.reason := '';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER booking_changes_forget_erased BEFORE INSERT ON booking_changes
  FOR EACH ROW WHEN (NEW.reason <> '') EXECUTE FUNCTION forget_erased_change();

-- Why somebody is away, written by themselves, meets their erasure at the same lock.
CREATE FUNCTION forget_erased_absence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended(NEW.created_by::text, 0));
  IF EXISTS (SELECT FROM erased_customers WHERE user_id = NEW.created_by) THEN
    NEW.reason := '';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER time_blocks_forget_erased BEFORE INSERT ON time_blocks
  FOR EACH ROW WHEN (NEW.reason <> '') EXECUTE FUNCTION forget_erased_absence();
