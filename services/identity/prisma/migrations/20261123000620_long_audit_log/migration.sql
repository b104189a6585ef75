-- What reading and keeping the audit log needs when it is long.

-- In the order in which the log is read, so that no filter has to sort its lines, or to walk through those of others.
DROP INDEX audit_log_user, audit_log_actor, audit_log_phone, audit_log_kind;
CREATE INDEX audit_log_user ON audit_log (user_id, at, id) WHERE user_id IS NOT NULL;
CREATE INDEX audit_log_actor ON audit_log (actor_id, at, id) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_log_phone ON audit_log (phone_number, at, id) WHERE phone_number IS NOT NULL;
CREATE INDEX audit_log_kind ON audit_log (kind, at, id);

-- How long lines are kept is a setting of the session, which whoever may delete may also set: nothing below a month counts.
CREATE OR REPLACE FUNCTION protect_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kept_days integer := greatest(coalesce(nullif(current_setting('mawid.audit_retention_days', true), ''), '365')::integer, 30);
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
