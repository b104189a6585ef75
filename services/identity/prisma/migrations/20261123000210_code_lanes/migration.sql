-- Codes of a known device are a lane of their own: strangers ('') neither replace its code nor spend its guesses.

ALTER TABLE code_requests
  ADD COLUMN lane         text     NOT NULL DEFAULT '',
  -- Who asked for it, of a change of number: nobody else may use it.
  ADD COLUMN user_id      uuid,
  ADD COLUMN risk_score   smallint NOT NULL DEFAULT 0,
  ADD COLUMN risk_reasons text[]   NOT NULL DEFAULT '{}',
  DROP CONSTRAINT code_requests_purpose_check,
  ADD CONSTRAINT code_requests_purpose_check CHECK (purpose IN ('auth', 'verify', 'change')),
  ADD CONSTRAINT code_requests_change_has_user CHECK (purpose <> 'change' OR user_id IS NOT NULL);

-- Only the newest code of a phone, purpose and lane works: there can be no second live one.
DROP INDEX code_requests_live;
CREATE UNIQUE INDEX code_requests_live ON code_requests (phone_number, purpose, lane)
  WHERE used_at IS NULL AND superseded_at IS NULL;

ALTER TABLE guess_budgets
  ADD COLUMN lane text NOT NULL DEFAULT '',
  DROP CONSTRAINT guess_budgets_pkey,
  ADD PRIMARY KEY (phone_number, lane);

-- Codes checked, all over the system, in slices of time. A slice is many rows, so that checks do not wait for each other.
CREATE TABLE check_counts (
  slice    timestamptz NOT NULL,
  shard    smallint    NOT NULL,
  accepted integer     NOT NULL,
  wrong    integer     NOT NULL,
  PRIMARY KEY (slice, shard)
);

-- Wrong codes by the network they came from.
CREATE TABLE wrong_checks (
  network text        NOT NULL,
  slice   timestamptz NOT NULL,
  wrong   integer     NOT NULL,
  PRIMARY KEY (network, slice)
);
CREATE INDEX wrong_checks_slice ON wrong_checks (slice);
