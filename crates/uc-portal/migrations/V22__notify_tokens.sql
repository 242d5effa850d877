-- What a locked client of a session shows to ask how much is new: one for each session.
CREATE TABLE notify_token (
    client_grant TEXT PRIMARY KEY REFERENCES client_grant (id) ON DELETE CASCADE,
    token_hash BLOB NOT NULL UNIQUE
) STRICT;
