-- Keys of authenticators (WebAuthn) that persons show as a second factor.
CREATE TABLE passkey (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    -- The authenticator's own id of the key: one key opens one account.
    credential BLOB NOT NULL UNIQUE,
    -- What the person calls it.
    name TEXT NOT NULL,
    -- The public key and its counter, as JSON.
    record TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX passkey_person ON passkey (person, added_at);
