-- Salons with their catalogue and hours, bookings, and the claims on people's time.

-- A role that may not create extensions passes where the administrator has created it before.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE salons (
  id                 uuid             PRIMARY KEY,
  manager_id         uuid             NOT NULL,
  state              text             NOT NULL CHECK (state IN ('draft', 'published')),
  name_ar            text             NOT NULL,
  name_en            text             NOT NULL,
  description_ar     text             NOT NULL,
  description_en     text             NOT NULL,
  city_ar            text             NOT NULL,
  city_en            text             NOT NULL,
  -- Folded copies of the texts: see toSearchText.
  search_text        text             NOT NULL,
  search_cities      text[]           NOT NULL,
  latitude           double precision CHECK (latitude BETWEEN -90 AND 90),
  longitude          double precision CHECK (longitude BETWEEN -180 AND 180),
  audience           text             NOT NULL CHECK (audience IN ('ladies', 'men', 'everyone')),
  time_zone          text             NOT NULL,
  vat_number         text             NOT NULL CHECK (vat_number ~ '^([0-9]{15})?$'),
  payment_policy     text             NOT NULL CHECK (payment_policy IN ('at_salon', 'in_advance')),
  free_until_hours   integer          NOT NULL CHECK (free_until_hours >= 0),
  late_fee_percent   integer          NOT NULL CHECK (late_fee_percent BETWEEN 0 AND 100),
  slot_step_minutes  integer          NOT NULL CHECK (slot_step_minutes > 0 AND 60 % slot_step_minutes = 0),
  min_notice_minutes integer          NOT NULL CHECK (min_notice_minutes >= 0),
  max_advance_days   integer          NOT NULL CHECK (max_advance_days > 0),
  version            bigint           NOT NULL DEFAULT 1,
  created_at         timestamptz      NOT NULL,
  updated_at         timestamptz      NOT NULL,
  CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE INDEX salons_published ON salons (id) WHERE state = 'published';
CREATE INDEX salons_manager ON salons (manager_id);

CREATE TABLE services (
  id                    uuid        PRIMARY KEY,
  salon_id              uuid        NOT NULL REFERENCES salons,
  name_ar               text        NOT NULL,
  name_en               text        NOT NULL,
  description_ar        text        NOT NULL,
  description_en        text        NOT NULL,
  category              text        NOT NULL,
  duration_minutes      integer     NOT NULL CHECK (duration_minutes > 0),
  buffer_before_minutes integer     NOT NULL CHECK (buffer_before_minutes >= 0),
  buffer_after_minutes  integer     NOT NULL CHECK (buffer_after_minutes >= 0),
  price_amount          bigint      NOT NULL CHECK (price_amount >= 0),
  currency              text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  audience              text        NOT NULL CHECK (audience IN ('ladies', 'men', 'everyone')),
  active                boolean     NOT NULL DEFAULT true,
  version               bigint      NOT NULL DEFAULT 1,
  created_at            timestamptz NOT NULL,
  updated_at            timestamptz NOT NULL
);
CREATE INDEX services_salon ON services (salon_id, id);

CREATE TABLE staff_members (
  id         uuid        PRIMARY KEY,
  salon_id   uuid        NOT NULL REFERENCES salons,
  user_id    uuid,
  name_ar    text        NOT NULL,
  name_en    text        NOT NULL,
  gender     text        CHECK (gender IN ('female', 'male')),
  active     boolean     NOT NULL DEFAULT true,
  version    bigint      NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX staff_members_salon ON staff_members (salon_id, id);
CREATE INDEX staff_members_user ON staff_members (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE staff_services (
  staff_id   uuid NOT NULL REFERENCES staff_members,
  service_id uuid NOT NULL REFERENCES services,
  PRIMARY KEY (staff_id, service_id)
);
CREATE INDEX staff_services_service ON staff_services (service_id);

-- Weekly hours in the salon's zone: minutes after midnight, weekday 1 (Monday) to 7.
CREATE TABLE salon_windows (
  salon_id uuid     NOT NULL REFERENCES salons,
  weekday  smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  opens    smallint NOT NULL CHECK (opens >= 0),
  closes   smallint NOT NULL CHECK (closes > opens AND closes <= 1440),
  PRIMARY KEY (salon_id, weekday, opens)
);

CREATE TABLE staff_windows (
  staff_id uuid     NOT NULL REFERENCES staff_members,
  weekday  smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  opens    smallint NOT NULL CHECK (opens >= 0),
  closes   smallint NOT NULL CHECK (closes > opens AND closes <= 1440),
  PRIMARY KEY (staff_id, weekday, opens)
);

-- Names, prices and policies are copies: what the customer agreed to stays.
CREATE TABLE bookings (
  id               uuid        PRIMARY KEY,
  salon_id         uuid        NOT NULL REFERENCES salons,
  customer_id      uuid        NOT NULL,
  state            text        NOT NULL CHECK (state IN ('held', 'confirmed', 'cancelled', 'expired')),
  start_at         timestamptz NOT NULL,
  end_at           timestamptz NOT NULL CHECK (end_at > start_at),
  total_amount     bigint      NOT NULL CHECK (total_amount >= 0),
  amount_due       bigint      NOT NULL CHECK (amount_due >= 0),
  amount_paid      bigint      NOT NULL CHECK (amount_paid >= 0),
  currency         text        NOT NULL,
  hold_expires_at  timestamptz,
  payment_policy   text        NOT NULL CHECK (payment_policy IN ('at_salon', 'in_advance')),
  free_until_hours integer     NOT NULL,
  late_fee_percent integer     NOT NULL,
  payment_id       uuid,
  cancelled_by     text        CHECK (cancelled_by IN ('customer', 'salon', 'operator')),
  cancel_reason    text,
  cancel_fee       bigint      CHECK (cancel_fee >= 0),
  cancel_refund    bigint      CHECK (cancel_refund >= 0),
  cancelled_at     timestamptz,
  customer_note    text        NOT NULL,
  salon_name_ar    text        NOT NULL,
  salon_name_en    text        NOT NULL,
  time_zone        text        NOT NULL,
  version          bigint      NOT NULL,
  created_at       timestamptz NOT NULL,
  updated_at       timestamptz NOT NULL,
  CHECK ((state = 'held') = (hold_expires_at IS NOT NULL)),
  CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL)),
  CHECK (state <> 'confirmed' OR amount_paid = amount_due)
);
CREATE INDEX bookings_customer ON bookings (customer_id, start_at DESC, id DESC);
CREATE INDEX bookings_salon ON bookings (salon_id, start_at DESC, id DESC);
CREATE INDEX bookings_holds ON bookings (hold_expires_at) WHERE state = 'held';

CREATE TABLE booking_items (
  booking_id      uuid        NOT NULL REFERENCES bookings,
  position        smallint    NOT NULL,
  service_id      uuid        NOT NULL,
  staff_id        uuid        NOT NULL,
  any_staff       boolean     NOT NULL,
  service_name_ar text        NOT NULL,
  service_name_en text        NOT NULL,
  staff_name_ar   text        NOT NULL,
  staff_name_en   text        NOT NULL,
  start_at        timestamptz NOT NULL,
  end_at          timestamptz NOT NULL CHECK (end_at > start_at),
  price_amount    bigint      NOT NULL CHECK (price_amount >= 0),
  PRIMARY KEY (booking_id, position)
);
CREATE INDEX booking_items_staff ON booking_items (staff_id, booking_id);

-- Who is taken when, buffers included. The constraint is the law: no subject is taken twice at one moment. The foreign key
-- waits for the commit because a claim is won before its booking is written.
CREATE TABLE claims (
  id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subject         uuid        NOT NULL,
  during          tstzrange   NOT NULL CHECK (NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)),
  booking_id      uuid        REFERENCES bookings DEFERRABLE INITIALLY DEFERRED,
  active          boolean     NOT NULL DEFAULT true,
  -- A claim of a hold; once the moment is past, whoever wants the time may release it.
  hold_expires_at timestamptz,
  CONSTRAINT claims_no_overlap EXCLUDE USING gist (subject WITH =, during WITH &&) WHERE (active)
);
CREATE INDEX claims_booking ON claims (booking_id);

-- Claims all of the ranges, of which the caller gives the fixed order (subject, start). Raises MW001 with the subject that is
-- taken: the caller's exception block gives back what was claimed before it. ON CONFLICT makes concurrent claimers of one
-- time wait for each other in turn, where plain inserts would deadlock.
CREATE FUNCTION claim_time(p_booking_id uuid, p_subjects uuid[], p_ranges tstzrange[], p_hold timestamptz, p_now timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1 .. cardinality(p_subjects) LOOP
    FOR attempt IN 1 .. 2 LOOP
      INSERT INTO claims (subject, during, booking_id, hold_expires_at)
      VALUES (p_subjects[i], p_ranges[i], p_booking_id, p_hold)
      ON CONFLICT DO NOTHING;
      EXIT WHEN FOUND;
      IF attempt = 1 THEN
        UPDATE claims SET active = false WHERE id IN (
          SELECT id FROM claims
           WHERE subject = p_subjects[i] AND during && p_ranges[i] AND active AND hold_expires_at <= p_now
           ORDER BY id FOR UPDATE);
      END IF;
      IF attempt = 2 OR NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'MW001', MESSAGE = p_subjects[i]::text;
      END IF;
    END LOOP;
  END LOOP;
END $$;

-- Writes a booking with its items, claims and event, or nothing. Outcomes: created; taken (the time of the subject);
-- id_used (a booking with this id exists).
CREATE FUNCTION create_booking(
  p_booking json, p_items json, p_subjects uuid[], p_ranges tstzrange[], p_now timestamptz,
  p_event_id uuid, p_event_subject text, p_event_payload bytea, p_lane smallint, p_traceparent text, p_tracestate text,
  OUT outcome text, OUT taken uuid)
LANGUAGE plpgsql AS $$
DECLARE
  wanted bookings := json_populate_record(NULL::bookings, p_booking);
  message text;
BEGIN
  IF EXISTS (SELECT FROM bookings WHERE id = wanted.id) THEN
    outcome := 'id_used';
    RETURN;
  END IF;
  BEGIN
    PERFORM claim_time(wanted.id, p_subjects, p_ranges, wanted.hold_expires_at, p_now);
    INSERT INTO bookings VALUES (wanted.*);
    INSERT INTO booking_items SELECT * FROM json_populate_recordset(NULL::booking_items, p_items);
    INSERT INTO outbox (id, subject, payload, aggregate_id, aggregate_version, lane, traceparent, tracestate)
    VALUES (p_event_id, p_event_subject, p_event_payload, wanted.id::text, wanted.version, p_lane, p_traceparent, p_tracestate);
    outcome := 'created';
  EXCEPTION
    WHEN SQLSTATE 'MW001' THEN
      GET STACKED DIAGNOSTICS message = MESSAGE_TEXT;
      outcome := 'taken';
      taken := message::uuid;
    WHEN exclusion_violation OR deadlock_detected THEN
      outcome := 'taken';
    WHEN unique_violation THEN
      outcome := 'id_used';
  END;
END $$;

-- Makes the claims of a booking last: those of its hold that stand, and anew those that were released. False, and nothing
-- changed, when one of them is taken.
CREATE FUNCTION keep_claims(p_booking_id uuid, p_now timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  subjects uuid[];
  ranges tstzrange[];
BEGIN
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
