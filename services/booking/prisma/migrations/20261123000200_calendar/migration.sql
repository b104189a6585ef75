-- The whole calendar: resources, seasons, single dates, blocked time, approval, walk-ins, and what happens on the day.

ALTER TABLE salons
  -- Grows with everything on which free times depend, but for claims: see the triggers below.
  ADD COLUMN calendar_version    bigint   NOT NULL DEFAULT 1,
  ADD COLUMN hours_version       bigint   NOT NULL DEFAULT 1,
  ADD COLUMN approval_policy     text     NOT NULL DEFAULT 'automatic' CHECK (approval_policy IN ('automatic', 'by_salon')),
  ADD COLUMN approval_minutes    integer  NOT NULL DEFAULT 720 CHECK (approval_minutes > 0),
  ADD COLUMN max_open_bookings   integer  NOT NULL DEFAULT 10 CHECK (max_open_bookings > 0),
  ADD COLUMN no_show_fee_percent integer  NOT NULL DEFAULT 100 CHECK (no_show_fee_percent BETWEEN 0 AND 100),
  ADD COLUMN prayers             text[]   NOT NULL DEFAULT '{}'
    CHECK (prayers <@ ARRAY['fajr', 'dhuhr', 'asr', 'maghrib', 'isha']),
  ADD COLUMN prayer_minutes      integer  NOT NULL DEFAULT 0 CHECK (prayer_minutes BETWEEN 0 AND 120),
  ADD CHECK (prayers = '{}' OR (prayer_minutes > 0 AND latitude IS NOT NULL));

ALTER TABLE services
  ADD COLUMN staff_gender text CHECK (staff_gender IN ('female', 'male')),
  -- Out of the catalogue for good; bookings go on naming it.
  ADD COLUMN deleted_at   timestamptz;

ALTER TABLE staff_members
  ADD COLUMN hours_version bigint NOT NULL DEFAULT 1,
  ADD COLUMN deleted_at    timestamptz;

CREATE TABLE resources (
  id         uuid        PRIMARY KEY,
  salon_id   uuid        NOT NULL REFERENCES salons,
  kind       text        NOT NULL CHECK (kind IN ('room', 'chair', 'equipment')),
  name_ar    text        NOT NULL,
  name_en    text        NOT NULL,
  active     boolean     NOT NULL DEFAULT true,
  version    bigint      NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz
);
CREATE INDEX resources_salon ON resources (salon_id, id);

-- A service takes one resource of each of its needs; no resource is in two of them.
CREATE TABLE service_resources (
  service_id  uuid     NOT NULL REFERENCES services,
  resource_id uuid     NOT NULL REFERENCES resources,
  need        smallint NOT NULL CHECK (need >= 0),
  PRIMARY KEY (service_id, resource_id)
);
CREATE INDEX service_resources_resource ON service_resources (resource_id);

-- '' is the week outside of seasons.
ALTER TABLE salon_windows
  ADD COLUMN season text NOT NULL DEFAULT '',
  DROP CONSTRAINT salon_windows_pkey,
  ADD PRIMARY KEY (salon_id, season, weekday, opens);
ALTER TABLE staff_windows
  ADD COLUMN season text NOT NULL DEFAULT '',
  DROP CONSTRAINT staff_windows_pkey,
  ADD PRIMARY KEY (staff_id, season, weekday, opens);

CREATE TABLE salon_seasons (
  salon_id    uuid     NOT NULL REFERENCES salons,
  key         text     NOT NULL CHECK (key <> ''),
  name_ar     text     NOT NULL,
  name_en     text     NOT NULL,
  first_date  date,
  last_date   date     CHECK (last_date >= first_date),
  hijri_month smallint CHECK (hijri_month BETWEEN 1 AND 12),
  PRIMARY KEY (salon_id, key),
  CHECK ((first_date IS NULL) = (last_date IS NULL)),
  CHECK ((first_date IS NULL) <> (hijri_month IS NULL))
);

-- A staff member who has hours of their own in a season, be it none at all; the windows are in staff_windows.
CREATE TABLE staff_seasons (
  staff_id uuid NOT NULL REFERENCES staff_members,
  key      text NOT NULL CHECK (key <> ''),
  PRIMARY KEY (staff_id, key)
);

-- The hours of single dates: minutes after midnight, the n-th of both is one span; none means closed.
CREATE TABLE salon_dates (
  salon_id uuid       NOT NULL REFERENCES salons,
  date     date       NOT NULL,
  opens    smallint[] NOT NULL,
  closes   smallint[] NOT NULL CHECK (cardinality(opens) = cardinality(closes)),
  note     text       NOT NULL DEFAULT '',
  PRIMARY KEY (salon_id, date)
);
CREATE TABLE staff_dates (
  staff_id uuid       NOT NULL REFERENCES staff_members,
  date     date       NOT NULL,
  opens    smallint[] NOT NULL,
  closes   smallint[] NOT NULL CHECK (cardinality(opens) = cardinality(closes)),
  note     text       NOT NULL DEFAULT '',
  PRIMARY KEY (staff_id, date)
);

-- Time off and manual blocks; what they take is in claims.
CREATE TABLE time_blocks (
  id          uuid        PRIMARY KEY,
  salon_id    uuid        NOT NULL REFERENCES salons,
  staff_id    uuid        REFERENCES staff_members,
  resource_id uuid        REFERENCES resources,
  kind        text        NOT NULL CHECK (kind IN ('time_off', 'block')),
  start_at    timestamptz NOT NULL,
  end_at      timestamptz NOT NULL CHECK (end_at > start_at),
  reason      text        NOT NULL,
  created_by  uuid        NOT NULL,
  created_at  timestamptz NOT NULL,
  CHECK (num_nonnulls(staff_id, resource_id) = 1)
);
CREATE INDEX time_blocks_staff ON time_blocks (staff_id, start_at, id) WHERE staff_id IS NOT NULL;
CREATE INDEX time_blocks_resource ON time_blocks (resource_id, start_at, id) WHERE resource_id IS NOT NULL;

ALTER TABLE claims
  ADD COLUMN block_id uuid REFERENCES time_blocks ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  ADD CHECK (num_nonnulls(booking_id, block_id) = 1);
CREATE INDEX claims_block ON claims (block_id) WHERE block_id IS NOT NULL;

ALTER TABLE bookings
  ALTER COLUMN customer_id DROP NOT NULL,
  DROP CONSTRAINT bookings_state_check,
  ADD CONSTRAINT bookings_state_check CHECK (state IN ('held', 'pending_approval', 'confirmed', 'checked_in', 'completed',
    'no_show', 'cancelled', 'expired', 'declined')),
  ADD COLUMN source              text        NOT NULL DEFAULT 'customer' CHECK (source IN ('customer', 'salon', 'walk_in')),
  -- Who made it, where that is not the customer.
  ADD COLUMN created_by          uuid,
  ADD COLUMN guest_name          text,
  ADD COLUMN guest_phone         text        CHECK (guest_phone ~ '^\+[1-9][0-9]{7,14}$'),
  ADD COLUMN overridden          boolean     NOT NULL DEFAULT false,
  ADD COLUMN approval_expires_at timestamptz,
  -- When the hold was to end before it was lengthened, and for which payment.
  ADD COLUMN hold_ended_at       timestamptz,
  ADD COLUMN hold_payment_id     uuid,
  ADD COLUMN decline_reason      text,
  ADD COLUMN declined_by_deadline boolean,
  ADD COLUMN declined_at         timestamptz,
  ADD COLUMN checked_in_at       timestamptz,
  ADD COLUMN completed_at        timestamptz,
  ADD COLUMN no_show_fee_percent integer     NOT NULL DEFAULT 100,
  ADD COLUMN no_show_fee         bigint      CHECK (no_show_fee >= 0),
  ADD COLUMN no_show_refund      bigint      CHECK (no_show_refund >= 0),
  ADD COLUMN no_show_at          timestamptz,
  ADD COLUMN no_show_undo_until  timestamptz,
  ADD COLUMN reschedule_count    integer     NOT NULL DEFAULT 0,
  ADD CHECK ((customer_id IS NULL) = (guest_name IS NOT NULL)),
  ADD CHECK (guest_name IS NULL OR source <> 'customer'),
  ADD CHECK ((state = 'pending_approval') = (approval_expires_at IS NOT NULL)),
  ADD CHECK ((state = 'declined') = (declined_at IS NOT NULL)),
  ADD CHECK ((state = 'no_show') = (no_show_at IS NOT NULL)),
  ADD CHECK (state <> 'completed' OR completed_at IS NOT NULL),
  ADD CHECK (state <> 'checked_in' OR checked_in_at IS NOT NULL);
CREATE INDEX bookings_approvals ON bookings (approval_expires_at) WHERE state = 'pending_approval';

ALTER TABLE booking_items ADD COLUMN resource_ids uuid[] NOT NULL DEFAULT '{}';

-- What happened to a booking, line by line.
CREATE TABLE booking_changes (
  booking_id uuid        NOT NULL REFERENCES bookings DEFERRABLE INITIALLY DEFERRED,
  version    bigint      NOT NULL,
  move       text        NOT NULL,
  state      text        NOT NULL,
  start_at   timestamptz NOT NULL,
  actor_id   uuid,
  actor      text        NOT NULL CHECK (actor IN ('customer', 'staff', 'manager', 'admin', 'system')),
  reason     text        NOT NULL DEFAULT '',
  overridden boolean     NOT NULL DEFAULT false,
  at         timestamptz NOT NULL,
  PRIMARY KEY (booking_id, version)
);

-- A calendar that was read before is good as long as its version stands: whoever changes what it is made of counts on.
-- Once in a transaction is enough, and a salon's hours may be two thousand rows: a salon that the transaction has written
-- already has been counted by its own trigger.
CREATE FUNCTION count_calendar() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE salons SET calendar_version = calendar_version + 1
   WHERE id = coalesce(NEW.salon_id, OLD.salon_id) AND xmin <> pg_current_xact_id()::xid;
  RETURN NULL;
END $$;
CREATE FUNCTION count_calendar_of_staff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE salons SET calendar_version = calendar_version + 1
   WHERE id = (SELECT salon_id FROM staff_members WHERE id = coalesce(NEW.staff_id, OLD.staff_id))
     AND xmin <> pg_current_xact_id()::xid;
  RETURN NULL;
END $$;
CREATE FUNCTION count_calendar_of_service() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE salons SET calendar_version = calendar_version + 1
   WHERE id = (SELECT salon_id FROM services WHERE id = coalesce(NEW.service_id, OLD.service_id))
     AND xmin <> pg_current_xact_id()::xid;
  RETURN NULL;
END $$;
-- The advisory lock of a salon's calendar: who writes by it shares the lock, who changes it has it alone. Not the lock of the
-- row: those who share that do not queue behind a change, which in a rush of bookings would wait until the rush is over.
CREATE FUNCTION calendar_key(p_salon_id uuid) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT hashtextextended('calendar ' || p_salon_id::text, 0)
$$;
CREATE FUNCTION count_own_calendar() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(calendar_key(NEW.id));
  NEW.calendar_version := greatest(NEW.calendar_version, OLD.calendar_version + 1);
  RETURN NEW;
END $$;

CREATE TRIGGER services_calendar AFTER INSERT OR UPDATE OR DELETE ON services
  FOR EACH ROW EXECUTE FUNCTION count_calendar();
CREATE TRIGGER staff_members_calendar AFTER INSERT OR UPDATE OR DELETE ON staff_members
  FOR EACH ROW EXECUTE FUNCTION count_calendar();
CREATE TRIGGER resources_calendar AFTER INSERT OR UPDATE OR DELETE ON resources
  FOR EACH ROW EXECUTE FUNCTION count_calendar();
CREATE TRIGGER salon_windows_calendar AFTER INSERT OR UPDATE OR DELETE ON salon_windows
  FOR EACH ROW EXECUTE FUNCTION count_calendar();
CREATE TRIGGER salon_seasons_calendar AFTER INSERT OR UPDATE OR DELETE ON salon_seasons
  FOR EACH ROW EXECUTE FUNCTION count_calendar();
CREATE TRIGGER salon_dates_calendar AFTER INSERT OR UPDATE OR DELETE ON salon_dates
  FOR EACH ROW EXECUTE FUNCTION count_calendar();
CREATE TRIGGER staff_services_calendar AFTER INSERT OR UPDATE OR DELETE ON staff_services
  FOR EACH ROW EXECUTE FUNCTION count_calendar_of_staff();
CREATE TRIGGER staff_windows_calendar AFTER INSERT OR UPDATE OR DELETE ON staff_windows
  FOR EACH ROW EXECUTE FUNCTION count_calendar_of_staff();
CREATE TRIGGER staff_seasons_calendar AFTER INSERT OR UPDATE OR DELETE ON staff_seasons
  FOR EACH ROW EXECUTE FUNCTION count_calendar_of_staff();
CREATE TRIGGER staff_dates_calendar AFTER INSERT OR UPDATE OR DELETE ON staff_dates
  FOR EACH ROW EXECUTE FUNCTION count_calendar_of_staff();
CREATE TRIGGER service_resources_calendar AFTER INSERT OR UPDATE OR DELETE ON service_resources
  FOR EACH ROW EXECUTE FUNCTION count_calendar_of_service();
CREATE TRIGGER salons_calendar BEFORE UPDATE ON salons
  FOR EACH ROW EXECUTE FUNCTION count_own_calendar();
