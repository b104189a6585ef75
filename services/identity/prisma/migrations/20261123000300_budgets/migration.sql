-- What bounds the sending of codes.

-- When codes were sent to a phone within a day. A known device has its own row: what strangers send does not count for it.
ALTER TABLE send_budgets
  ADD COLUMN lane text NOT NULL DEFAULT '',
  DROP CONSTRAINT send_budgets_pkey,
  ADD PRIMARY KEY (phone_number, lane);

-- Uses of everything else that has a limit: a sliding window of eleven parts, the newest first, of which ten are the window's
-- length. Without an index but the key's, so that a use rewrites nothing but its row.
CREATE TABLE budgets (
  axis       text        NOT NULL,
  key        text        NOT NULL,
  -- The number of the newest part since 1970.
  part       bigint      NOT NULL,
  counts     integer[]   NOT NULL CHECK (cardinality(counts) = 11),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (axis, key)
) WITH (fillfactor = 70);

-- Puzzles that somebody has solved: each is good once.
CREATE TABLE used_challenges (
  signature  bytea       PRIMARY KEY,
  expires_at timestamptz NOT NULL
);

-- The message that carried the code never reached a provider.
ALTER TABLE code_requests ADD COLUMN undelivered_at timestamptz;
CREATE INDEX code_requests_phone ON code_requests (phone_number, created_at);
