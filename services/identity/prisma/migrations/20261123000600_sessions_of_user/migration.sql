-- Of all sessions, not only those that live: deleting a user deletes the ended ones as well, and would read the whole table for them.

DROP INDEX sessions_user;
CREATE INDEX sessions_user ON sessions (user_id);
