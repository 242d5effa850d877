-- A second factor beside the password: codes of an authenticator app (RFC 6238).
CREATE TABLE totp (
    person TEXT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    secret BLOB NOT NULL,
    added_at INTEGER NOT NULL,
    -- The last interval whose code was taken: none is taken twice, nor an earlier one.
    last_step INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A secret that is shown to the person and not in use yet.
CREATE TABLE totp_offer (
    person TEXT PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
    secret BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A flow whose password was right and which waits for the second factor.
CREATE TABLE half_sign_in (
    flow_hash BLOB PRIMARY KEY REFERENCES authorization_flow (id_hash) ON DELETE CASCADE,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- Codes that may still be tried.
    tries_left INTEGER NOT NULL CHECK (tries_left >= 0),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX half_sign_in_person ON half_sign_in (person);

-- What was shown beside the password; NULL when it was the password alone.
ALTER TABLE browser_session ADD COLUMN factor TEXT;
ALTER TABLE authorization_flow ADD COLUMN factor TEXT;
ALTER TABLE client_grant ADD COLUMN factor TEXT;
