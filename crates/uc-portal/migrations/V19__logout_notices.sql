-- Clients that are to hear that somebody's session with them has ended (OpenID Connect Back-Channel Logout 1.0).
CREATE TABLE logout_notice (
    id TEXT PRIMARY KEY,
    -- The session at the client.
    client_grant TEXT NOT NULL REFERENCES client_grant (id) ON DELETE CASCADE,
    client TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    tries INTEGER NOT NULL DEFAULT 0,
    next_try_at INTEGER NOT NULL
) STRICT;
CREATE INDEX logout_notice_due ON logout_notice (next_try_at);
CREATE INDEX logout_notice_grant ON logout_notice (client_grant);
CREATE INDEX logout_notice_person ON logout_notice (person);
