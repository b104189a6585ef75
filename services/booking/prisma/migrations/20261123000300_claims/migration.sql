-- Creation of a booking in one statement: who does it is chosen where its time is claimed.

-- The one before does not know sources, guests and resources.
DROP FUNCTION create_booking(json, json, uuid[], tstzrange[], timestamptz, uuid, text, bytea, smallint, text, text);

-- Claims all of the ranges, of which the caller gives the fixed order (subject, start). Raises MW001 with the subject that is
-- taken: the caller's exception block gives back what was claimed before it. ON CONFLICT makes concurrent claimers of one
-- time wait for each other in turn, where plain inserts would deadlock. The second attempt is made whether or not a lapsed
-- hold was found in the way: somebody else may just have released it.
CREATE OR REPLACE FUNCTION claim_time(p_booking_id uuid, p_subjects uuid[], p_ranges tstzrange[], p_hold timestamptz, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1 .. cardinality(p_subjects) LOOP
    FOR attempt IN 1 .. 2 LOOP
      INSERT INTO claims (subject, during, booking_id, hold_expires_at)
      VALUES (p_subjects[i], p_ranges[i], p_booking_id, p_hold)
      ON CONFLICT DO NOTHING;
      EXIT WHEN FOUND;
      IF attempt = 2 THEN
        RAISE EXCEPTION USING ERRCODE = 'MW001', MESSAGE = p_subjects[i]::text;
      END IF;
      UPDATE claims SET active = false WHERE id IN (
        SELECT id FROM claims
         WHERE subject = p_subjects[i] AND during && p_ranges[i] AND active AND hold_expires_at <= p_now
         ORDER BY id FOR UPDATE);
    END LOOP;
  END LOOP;
END $$;

-- What a booking claims, joined where claims of one subject meet (buffers of services that one person does back to back), in
-- the order in which all claims are taken. The n-th range is wanted of the n-th subject.
CREATE FUNCTION join_claims(p_subjects uuid[], p_ranges tstzrange[], OUT subjects uuid[], OUT ranges tstzrange[])
LANGUAGE plpgsql AS $$
BEGIN
  SELECT array_agg(joined.subject ORDER BY joined.subject, stretch), array_agg(stretch ORDER BY joined.subject, stretch)
    INTO subjects, ranges
    FROM (SELECT wanted.subject, range_agg(wanted.during) AS stretches
            FROM unnest(p_subjects, p_ranges) AS wanted(subject, during)
           GROUP BY wanted.subject) joined
    CROSS JOIN LATERAL unnest(joined.stretches) AS stretch;
END $$;

-- Of those who are free in the range, who has the fewest bookings in the day; of equals, who is with the customer already,
-- else the first. NULL when nobody is free. Lapsed holds count for nothing. Without a day nobody's bookings are counted.
CREATE FUNCTION choose_free(p_options uuid[], p_during tstzrange, p_day tstzrange, p_chosen uuid[], p_now timestamptz)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
  reach tstzrange := CASE WHEN p_day IS NULL THEN p_during ELSE range_merge(p_day, p_during) END;
BEGIN
  RETURN (
    SELECT option.subject
      FROM unnest(p_options) WITH ORDINALITY AS option(subject, place)
      CROSS JOIN LATERAL (
        SELECT count(DISTINCT booking_id) FILTER (WHERE lower(during) <@ p_day) AS booked,
               count(*) FILTER (WHERE during && p_during) AS meeting
          FROM claims
         WHERE subject = option.subject AND during && reach AND active
           AND (hold_expires_at IS NULL OR hold_expires_at > p_now)) busy
     WHERE option.subject IS NOT NULL AND busy.meeting = 0
     ORDER BY busy.booked, array_position(p_chosen, option.subject) IS NULL, option.place
     LIMIT 1);
END $$;

-- A length as protobuf writes it, before that many bytes. https://protobuf.dev/programming-guides/encoding/#varints
CREATE FUNCTION to_delimited(p_bytes bytea) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE
    WHEN length(p_bytes) < 128 THEN set_byte('\x00', 0, length(p_bytes))
    WHEN length(p_bytes) < 16384 THEN
      set_byte(set_byte('\x0000', 0, length(p_bytes) & 127 | 128), 1, length(p_bytes) >> 7)
    ELSE
      set_byte(set_byte(set_byte('\x000000', 0, length(p_bytes) & 127 | 128),
        1, length(p_bytes) >> 7 & 127 | 128), 2, length(p_bytes) >> 14)
  END || p_bytes
$$;

-- Writes a booking with its items, claims, history, event and answer, or nothing at all. It is one transaction by itself.
--
-- A pick is somebody or something that the booking takes: the first picks are the staff of the items, one each and in their
-- order, the rest are resources. `p_options` has a row for each pick, filled up with NULL: who will do, best first. The
-- n-th pick is for the item `p_pick_items[n]`, counted from 1, and takes the time `p_claims[p_pick_items[n]]`.
--
-- What event and answer say of the choice is put together here, by the rule that a protobuf message which comes twice is
-- merged: the bytes of the item (less who does it), of the staff member and of the resources make a BookingItem, these
-- follow the bytes of the booking (less its items).
--
-- Outcomes: created, with who was picked; taken, resource_busy (nobody, or nothing, is free); id_used (a booking has this
-- id); too_many_open; stale (the salon's calendar is at another version than the decision was made by); key_known (an
-- earlier call had this idempotency key).
CREATE FUNCTION create_booking(
  p_booking json, p_items json, p_now timestamptz, p_calendar_version bigint, p_is_limited boolean, p_is_own_id boolean,
  p_day tstzrange, p_claims tstzrange[], p_pick_items integer[], p_options uuid[],
  p_item_bytes bytea[], p_staff uuid[], p_staff_names text[], p_staff_bytes bytea[],
  p_actor text, p_actor_id uuid, p_reason text,
  p_event_id uuid, p_event_subject text, p_event_bytes bytea, p_lane smallint, p_traceparent text, p_tracestate text,
  p_key_user text, p_key_method text, p_key text, p_key_hash bytea, p_key_wait text, p_answer_bytes bytea,
  OUT outcome text, OUT picked uuid[])
LANGUAGE plpgsql
-- The plans are the same for everybody. Left to itself PostgreSQL makes new ones for every booking, which costs as much as
-- half of all the rest.
SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
  wanted bookings := json_populate_record(NULL::bookings, p_booking);
  item_count CONSTANT integer := cardinality(p_claims);
  pick_count CONSTANT integer := cardinality(p_pick_items);
  -- From which on others may take the time.
  deadline CONSTANT timestamptz := coalesce(wanted.hold_expires_at, wanted.approval_expires_at);
  -- Each round that is lost was lost to somebody who now has one of the options.
  rounds CONSTANT integer := cardinality(p_options) + 2;
  version bigint;
  is_full boolean;
  is_known boolean;
  waited text;
  pick uuid;
  claimed record;
  item_bytes bytea;
  items_bytes bytea := '';
BEGIN
  IF p_key IS NOT NULL THEN
    waited := current_setting('lock_timeout');
    PERFORM set_config('lock_timeout', p_key_wait, true);
    INSERT INTO idempotency_keys (user_id, method, key, request_hash)
    VALUES (p_key_user, p_key_method, p_key, p_key_hash)
    ON CONFLICT (user_id, method, key) DO NOTHING;
    is_known := NOT FOUND;
    PERFORM set_config('lock_timeout', waited, true);
    IF is_known THEN
      outcome := 'key_known';
      RETURN;
    END IF;
  END IF;

  <<writing>>
  BEGIN
    IF p_is_own_id AND EXISTS (SELECT FROM bookings WHERE id = wanted.id) THEN
      outcome := 'id_used';
      EXIT writing;
    END IF;
    -- Before any time is taken, also where no limit counts: the triggers that forget who was erased want this lock too. A guest
    -- has none.
    PERFORM pg_advisory_xact_lock(hashtextextended(wanted.customer_id::text, 0));
    -- Whoever changes the catalogue waits for this lock, and is waited for: no booking is decided by what is being changed.
    PERFORM pg_advisory_xact_lock_shared(calendar_key(wanted.salon_id));
    SELECT s.calendar_version, p_is_limited AND s.max_open_bookings <= (
             SELECT count(*) FROM bookings b
              WHERE b.customer_id = wanted.customer_id AND b.start_at > p_now AND b.salon_id = wanted.salon_id
                AND (b.state = 'confirmed' OR b.state = 'held' AND b.hold_expires_at > p_now
                     OR b.state = 'pending_approval' AND b.approval_expires_at > p_now))
      INTO version, is_full
      FROM salons s WHERE s.id = wanted.salon_id;
    IF version IS DISTINCT FROM p_calendar_version THEN
      outcome := 'stale';
      EXIT writing;
    ELSIF is_full THEN
      outcome := 'too_many_open';
      EXIT writing;
    END IF;

    FOR round IN 1 .. rounds LOOP
      picked := '{}';
      FOR n IN 1 .. pick_count LOOP
        pick := p_options[n][1];
        -- Who alone will do is not looked at first: the claim itself tells.
        IF round > 1 OR p_options[n][2] IS NOT NULL THEN
          pick := choose_free(p_options[n:n], p_claims[p_pick_items[n]], CASE WHEN n <= item_count THEN p_day END, picked, p_now);
        END IF;
        IF pick IS NULL THEN
          outcome := CASE WHEN n <= item_count THEN 'taken' ELSE 'resource_busy' END;
          EXIT writing;
        END IF;
        picked := picked || pick;
      END LOOP;
      BEGIN
        IF pick_count = 1 THEN
          PERFORM claim_time(wanted.id, picked, p_claims, deadline, p_now);
        ELSE
          claimed := join_claims(picked, ARRAY(SELECT p_claims[item] FROM unnest(p_pick_items) WITH ORDINALITY AS p(item, n) ORDER BY n));
          PERFORM claim_time(wanted.id, claimed.subjects, claimed.ranges, deadline, p_now);
        END IF;
        INSERT INTO bookings (id, salon_id, customer_id, guest_name, guest_phone, source, created_by, overridden, state,
          start_at, end_at, total_amount, amount_due, amount_paid, currency, hold_expires_at, approval_expires_at,
          payment_policy, free_until_hours, late_fee_percent, no_show_fee_percent, customer_note, salon_name_ar,
          salon_name_en, time_zone, version, created_at, updated_at)
        VALUES (wanted.id, wanted.salon_id, wanted.customer_id, wanted.guest_name, wanted.guest_phone, wanted.source,
          wanted.created_by, wanted.overridden, wanted.state, wanted.start_at, wanted.end_at, wanted.total_amount,
          wanted.amount_due, wanted.amount_paid, wanted.currency, wanted.hold_expires_at, wanted.approval_expires_at,
          wanted.payment_policy, wanted.free_until_hours, wanted.late_fee_percent, wanted.no_show_fee_percent,
          wanted.customer_note, wanted.salon_name_ar, wanted.salon_name_en, wanted.time_zone, wanted.version,
          wanted.created_at, wanted.updated_at)
        ON CONFLICT (id) DO NOTHING;
        IF NOT FOUND THEN
          RAISE EXCEPTION USING ERRCODE = 'MW002', MESSAGE = wanted.id::text;
        END IF;
        outcome := 'created';
        EXIT;
      EXCEPTION
        -- Somebody was faster: whoever else is free is picked. The key's row, written before this block, stays.
        WHEN SQLSTATE 'MW001' OR exclusion_violation OR deadlock_detected OR lock_not_available THEN
          outcome := 'taken';
        WHEN SQLSTATE 'MW002' THEN
          outcome := 'id_used';
          EXIT writing;
      END;
    END LOOP;
    EXIT writing WHEN outcome <> 'created';

    INSERT INTO booking_items (booking_id, position, service_id, staff_id, any_staff, service_name_ar, service_name_en,
      staff_name_ar, staff_name_en, start_at, end_at, price_amount, resource_ids)
    SELECT wanted.id, i.position, i.service_id, picked[i.position + 1], i.any_staff, i.service_name_ar, i.service_name_en,
           p_staff_names[array_position(p_staff, picked[i.position + 1])][1],
           p_staff_names[array_position(p_staff, picked[i.position + 1])][2], i.start_at, i.end_at, i.price_amount,
           ARRAY(SELECT picked[n] FROM generate_series(item_count + 1, pick_count) AS n WHERE p_pick_items[n] = i.position + 1 ORDER BY n)
      FROM json_to_recordset(p_items) AS i(position integer, service_id uuid, any_staff boolean, service_name_ar text,
        service_name_en text, start_at timestamptz, end_at timestamptz, price_amount bigint);

    FOR i IN 1 .. item_count LOOP
      item_bytes := p_item_bytes[i] || p_staff_bytes[array_position(p_staff, picked[i])];
      FOR n IN item_count + 1 .. pick_count LOOP
        -- BookingItem.resource_ids.
        IF p_pick_items[n] = i THEN
          item_bytes := item_bytes || '\x42'::bytea || to_delimited(convert_to(picked[n]::text, 'UTF8'));
        END IF;
      END LOOP;
      -- Booking.items.
      items_bytes := items_bytes || '\x3a'::bytea || to_delimited(item_bytes);
    END LOOP;

    INSERT INTO booking_changes (booking_id, version, move, state, start_at, actor_id, actor, reason, overridden, at)
    VALUES (wanted.id, wanted.version, 'create', wanted.state, wanted.start_at, p_actor_id, p_actor, p_reason,
      wanted.overridden, p_now);
    -- The event's booking.
    INSERT INTO outbox (id, subject, payload, aggregate_id, aggregate_version, lane, traceparent, tracestate)
    VALUES (p_event_id, p_event_subject, p_event_bytes || '\x0a'::bytea || to_delimited(items_bytes), wanted.id::text,
      wanted.version, p_lane, p_traceparent, p_tracestate);
    IF p_key IS NOT NULL THEN
      UPDATE idempotency_keys SET response = p_answer_bytes || items_bytes
       WHERE user_id = p_key_user AND method = p_key_method AND key = p_key;
    END IF;
    RETURN;
  END writing;

  -- Of several attempts with one id the one that came through has the time.
  IF p_is_own_id AND outcome IN ('taken', 'resource_busy') AND EXISTS (SELECT FROM bookings WHERE id = wanted.id) THEN
    outcome := 'id_used';
  END IF;
  -- A refusal keeps no key.
  IF p_key IS NOT NULL THEN
    DELETE FROM idempotency_keys WHERE user_id = p_key_user AND method = p_key_method AND key = p_key;
  END IF;
END $$;
