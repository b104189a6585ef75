-- Suspension, finding users, and an audit log that can only grow.

-- Set while an operator keeps the user from signing in.
ALTER TABLE users
  ADD COLUMN suspended_at      timestamptz,
  ADD COLUMN suspension_reason text CHECK (suspension_reason <> ''),
  ADD CONSTRAINT users_suspension_check CHECK ((suspended_at IS NULL) = (suspension_reason IS NULL)),
  -- What operators search in, beside the number.
  ADD COLUMN search_text text NOT NULL GENERATED ALWAYS AS (
    lower(first_name || ' ' || last_name || ' ' || coalesce(email, ''))) STORED;

-- All runs of three characters. pg_trgm would do the same, but finds no letters in Arabic where the database's ctype is C.
-- The cost is what it takes: with the usual one the planner would rather call it for a million rows than ask the index.
CREATE FUNCTION trigrams_of(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5000
  RETURN coalesce((SELECT array_agg(DISTINCT substr($1, n, 3)) FROM generate_series(1, length($1) - 2) AS n), '{}');

CREATE INDEX users_trigrams ON users USING gin (trigrams_of(search_text));
-- The last digits of a number. Trigrams of all numbers would cost ten times as much at each sign-up.
CREATE INDEX users_phone_reversed ON users (reverse(phone_number) COLLATE "C");
-- The few among the many: those with a role, the suspended, those who never verified.
CREATE INDEX users_roles ON users (role, id) WHERE role <> 'customer';
CREATE INDEX users_suspended ON users (id) WHERE suspended_at IS NOT NULL;
CREATE INDEX users_provisional ON users (created_at) WHERE verified_at IS NULL;

-- Only requests for a change of number name a user.
CREATE INDEX code_requests_user ON code_requests (user_id) WHERE user_id IS NOT NULL;

CREATE INDEX audit_log_time ON audit_log (at, id);

-- A line can lose what tells of a person, and is deleted when its time is over; nothing else happens to it.
CREATE FUNCTION protect_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kept_days integer := coalesce(nullif(current_setting('mawid.audit_retention_days', true), ''), '365');
  blank audit_log;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    RAISE EXCEPTION 'the audit log cannot be emptied';
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF OLD.at > now() - make_interval(days => kept_days) THEN
      RAISE EXCEPTION 'a line of the audit log is kept for % days', kept_days;
    END IF;
    RETURN OLD;
  END IF;
  blank := OLD;
  IF NEW.phone_number IS NULL THEN blank.phone_number := NULL; END IF;
  IF NEW.address IS NULL THEN blank.address := NULL; END IF;
  IF NEW.device_id IS NULL THEN blank.device_id := NULL; END IF;
  IF NEW.user_agent IS NULL THEN blank.user_agent := NULL; END IF;
  IF NEW IS DISTINCT FROM blank THEN
    RAISE EXCEPTION 'a line of the audit log can only lose what tells of a person';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER audit_log_protected BEFORE UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION protect_audit_log();
CREATE TRIGGER audit_log_not_emptied BEFORE TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION protect_audit_log();
